/**
 * What the firmware 4.003 of the Q-Series prints and takes, as seen on the wire.
 * Prompts end without a line end and are matched on bytes, not on lines.
 */
export const ESC = '\x1b';
export const CR = '\r';

/** Ends every menu; the device takes the next command only after all of it was printed. */
export const MENU_PROMPT = 'Select the letter of the menu entry:\r\n';

/** Begins the banner and the menu: whatever follows is no reading until a start line. */
export const DEVICE_TITLE = 'Biospherical Instruments Inc';
export const START_LINE = 'Start free run sampling';
/** Whether BANNER_END follows in polled mode is not known: either of the two will do. */
export const POLLED_LINE = 'Entering polled mainline sampling';
/** The last line of the banner: ESC is lost before it, and taken after it. */
export const BANNER_END = 'Starting Sampling; quiet mode =';
/** The last line that a device in quiet mode prints before it samples. */
export const REBOOT_LINE = 'Rebooting program';

export const AVERAGING_PROMPT = 'before update (1-65535): ';
export const RATE_PROMPT = 'Enter selection: ';
export const MODE_PROMPT = 'Enter the operating mode number: ';
export const TAG_PROMPT = 'acquisition software : ';
export const AVERAGING_DONE = /ADC set to averaging (\d+)\r\n/;
export const RATE_DONE = /ADC rate set to (\d+)\r\n/;
/** What the device says when it does not take an answer. */
export const REFUSALS =
  /(\*{4}.*\*{4}|Invalid rate!!!.*|I am confused.*|Timed out waiting for response.*| Bad TAG.*)\r\n/;

/** Between leaving the sampling loop and printing the menu the device waits this long. */
export const MENU_DELAY_S = 1;
/** The longest pause after a wrong answer (an invalid ADC rate). */
export const REFUSAL_PAUSE_S = 5;
/** Banner, menu and prompt together, generously, at 10 bits a byte. */
export const MENU_BYTES = 3000;

/** Freerun readings come at rate / averaging; the true ADC rate is about 3 % low. */
export const TRUE_RATE_FACTOR = 1.034;

/** Once after each reset, or no query is ever answered. */
export const pollInit = (tag: string) => `*${tag}Q000!`;
/** Asks for one reading. No CR: seen so with a logic analyser. */
export const pollQuery = (tag: string) => `>${tag}*`;

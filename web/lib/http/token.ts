/** The API token of this vehicle, kept in this browser for this address. */
const KEY = 'qsensor-api-token';

/** Told on `window` when a call was refused for lack of the token. */
export const TOKEN_WANTED = 'qsensor-token-wanted';

/** null where none was entered, or where the browser keeps nothing. */
export function keptToken(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** null forgets it. False where the browser keeps nothing (private windows, some iframes). */
export function keepToken(token: string | null): boolean {
  try {
    if (token === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, token);
    return true;
  } catch {
    return false;
  }
}

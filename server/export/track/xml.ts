/** What XML 1.0 can't hold at all, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const UNUSABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
};

/** Text for an element or an attribute; what XML can't hold becomes a replacement character. */
export function xml(text: string): string {
  return text.replace(UNUSABLE, '\ufffd').replace(/[&<>"]/g, (character) => {
    return ENTITIES[character] ?? character;
  });
}

/** `<name>text</name>`; nothing where there is no value. */
export function element(name: string, value: string | number | null): string {
  return value === null ? '' : `<${name}>${xml(String(value))}</${name}>`;
}

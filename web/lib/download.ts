/** Hands a file to the browser's own downloads. */
export function downloadBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  downloadUrl(url, name);
  // The browser reads the blob after the click; it must outlive it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function downloadUrl(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replaceAll(/[^\w.() -]+/g, '_');
  link.click();
}

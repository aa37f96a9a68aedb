import type { Colours } from './colours.ts';

export interface Caption {
  title: string;
  /** A line under it. */
  note: string;
}

const HEAD_PX = 52;
const MARGIN_PX = 16;

/** The plot as a PNG with its title and a note, so that it explains itself later. */
export async function picture(
  plot: HTMLCanvasElement,
  caption: Caption,
  colours: Colours,
): Promise<Blob> {
  const scale = plot.width / plot.clientWidth;
  const canvas = document.createElement('canvas');
  canvas.width = plot.width;
  canvas.height = plot.height + HEAD_PX * scale;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser has no canvas to draw on.');
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(plot, 0, HEAD_PX * scale);
  context.scale(scale, scale);
  write(context, caption, colours);
  return await new Promise((resolve, reject) => {
    const failed = new Error('The browser could not make the picture.');
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(failed)), 'image/png');
  });
}

function write(context: CanvasRenderingContext2D, caption: Caption, colours: Colours): void {
  context.fillStyle = colours.text;
  context.font = '600 15px system-ui, sans-serif';
  context.fillText(caption.title, MARGIN_PX, 22);
  context.fillStyle = colours.muted;
  context.font = '12px system-ui, sans-serif';
  context.fillText(caption.note, MARGIN_PX, 42);
}

/** Sized so that the two parts fill two A4 pages at most; black on white, for printers. */
export const STYLE = `
@page { size: A4; margin: 12mm; }
* { box-sizing: border-box; }
body { max-width: 186mm; margin: 0 auto; padding: 8mm 4mm; background: #fff; color: #14181d;
  font: 8.5pt/1.3 "Noto Sans", "Segoe UI", Roboto, Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0 0 1mm; font-size: 16pt; line-height: 1.2; }
h2 { margin: 3mm 0 1mm; font-size: 10.5pt; border-bottom: 0.3mm solid #9aa5b1; }
p { margin: 1mm 0; }
ul { margin: 1mm 0; padding-left: 4mm; }
.columns { columns: 2; column-gap: 6mm; }
.sub { color: #4a5563; }
.facts { display: grid; grid-template-columns: repeat(3, 1fr); gap: 0.6mm 4mm; margin: 2mm 0 0; }
.facts div { min-width: 0; }
dt { color: #4a5563; font-size: 7.5pt; }
dd { margin: 0; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 6mm; }
.two > * { min-width: 0; }
table { width: 100%; overflow-wrap: normal; border-collapse: collapse; font-size: 8pt; }
th, td { padding: 0.4mm 1.5mm 0.4mm 0; text-align: left; vertical-align: top; border-bottom: 0.2mm solid #d9dee4; }
.mono { overflow-wrap: anywhere; font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 6.5pt; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 10px; fill: #4a5563; }
.mid { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: #d9dee4; stroke-width: 0.6; fill: none; }
.gap { fill: #f2d6a8; }
.band { fill: #9cc3e6; }
.trace, .depth, .track, .fit { fill: none; stroke-width: 1.2; stroke-linejoin: round; }
.trace, .depth, .track { stroke: #0b5a94; }
.fit { stroke: #14181d; stroke-dasharray: 4 2; }
.down { fill: #0b5a94; } .up { fill: #c4521a; }
.warn { padding: 1mm 2mm; border: 0.3mm solid #c4521a; }
@media print { body { max-width: none; padding: 0; } .second { break-before: page; } details { display: none; } }
@media screen and (max-width: 640px) { .two { grid-template-columns: 1fr; } .facts { grid-template-columns: 1fr 1fr; } }
`;

import { expect, test } from 'vitest';
import { isWhole } from './whole.ts';

const CSV = 'timestamp,value,marker\n1,2,\n3,4,"two\nlines, ""so"""\n';

/** A ZIP with nothing in it: the record that ends every ZIP. */
const ZIP = new Uint8Array(22);
ZIP.set([0x50, 0x4b, 5, 6]);

test.each([
  ['csv', CSV, 2],
  ['jsonl', '{"a":"\\"\\n"}\n{"a":1}\n', 2],
  ['parquet', 'PAR1rowsfoot\x04\0\0\0PAR1', 7],
  ['geojson', '{"type":"FeatureCollection","features":[\n{"a":{}}\n],"lacks":[]}\n', null],
  ['gpx', '<gpx><trk></trk></gpx>\n', null],
  ['kml', '<kml><Placemark/></kml>\n', null],
  ['zip', ZIP, 2],
] as const)(
  'a %s is whole, and is not when it is cut anywhere before its last line',
  async (format, content, rows) => {
    const file = new Blob([content]);
    expect(await isWhole(format, file, rows)).toBe(true);
    for (let cut = 1; cut < file.size - 2; cut += 1) {
      expect([cut, await isWhole(format, file.slice(0, cut), rows)]).toEqual([cut, false]);
    }
  },
);

test('what nothing was told of is taken for whole', async () => {
  expect(await isWhole('csv', new Blob(['x\n']), null)).toBe(true);
});

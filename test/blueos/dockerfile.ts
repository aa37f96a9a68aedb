import { readFile } from 'node:fs/promises';
import { DockerfileParser, type Instruction, PropertyInstruction } from 'dockerfile-ast';

/** What the last stage of the Dockerfile says of the image, as `docker inspect` would show it. */
export interface Image {
  labels: Record<string, string>;
  env: Record<string, string>;
  command: string[];
  volumes: string[];
  ports: string[];
  /** The shell commands of each RUN of the whole file. */
  runs: string[];
}

export async function readImage(path = 'Dockerfile'): Promise<Image> {
  const all = DockerfileParser.parse(await readFile(path, 'utf8')).getInstructions();
  const last = all.slice(all.findLastIndex((one) => one.getKeyword() === 'FROM'));
  return {
    labels: pairs(last, 'LABEL'),
    env: pairs(last, 'ENV'),
    command: JSON.parse(texts(last, 'CMD').join()),
    volumes: texts(last, 'VOLUME'),
    ports: texts(last, 'EXPOSE'),
    runs: texts(all, 'RUN'),
  };
}

function pairs(instructions: Instruction[], keyword: string): Record<string, string> {
  const properties = instructions
    .filter((one) => one.getKeyword() === keyword)
    .flatMap((one) => (one instanceof PropertyInstruction ? one.getProperties() : []));
  return Object.fromEntries(properties.map((one) => [one.getName(), one.getValue() ?? '']));
}

function texts(instructions: Instruction[], keyword: string): string[] {
  return instructions
    .filter((one) => one.getKeyword() === keyword)
    .map((one) => one.getArgumentsContent() ?? '');
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import type * as Command from './team-overview-command.js';

type TeamOverviewCommand = typeof Command;

const bundlePath = join(__dirname, 'team-overview-command.cjs');
/** Where the build keeps the bytecode of the bundle: made by, and read by, exactly this Node. */
const bytecodePath = join(
  __dirname,
  `team-overview-command.${process.version}-${process.platform}-${process.arch}.bytecode`,
);

/**
 * The command, with the bytecode that the build kept if the same Node built it: much of the time that an export takes
 * to start is spent on compiling. Any other Node compiles as ever; nothing is written.
 */
export async function loadTeamOverview(): Promise<TeamOverviewCommand> {
  const bundle = readFileSync(bundlePath);
  const bytecode = keptBytecode(bundle);
  return bytecode === null ? import('./team-overview-command.js') : run(compile(bundle, bytecode));
}

/** For the build: compiles the bundle, and gives what keeps its bytecode once enough of it has been run. */
export function compileForKeeping(): {
  command: TeamOverviewCommand;
  keep: () => [path: string, content: Buffer];
} {
  const bundle = readFileSync(bundlePath);
  const script = compile(bundle);
  const keep = (): [string, Buffer] => [bytecodePath, sealed(bundle, script.createCachedData())];
  return { command: run(script), keep };
}

function compile(bundle: Buffer, bytecode?: Buffer): Script {
  return new Script(`(function (module, require) {${bundle.toString()}\n})`, {
    // Without its path, which is not the same where it is built and where it is installed.
    filename: 'team-overview-command.cjs',
    // V8 compiles anew where it does not accept it.
    cachedData: bytecode,
  });
}

function run(script: Script): TeamOverviewCommand {
  const module = { exports: {} as TeamOverviewCommand };
  const body = script.runInThisContext() as (given: typeof module, require: NodeJS.Require) => void;
  body(module, createRequire(bundlePath));
  return module.exports;
}

/** V8 compares only versions and lengths, so that a checksum has to find damage, and what belongs to another bundle. */
function sealed(bundle: Buffer, bytecode: Buffer): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(bytecode, crc32(bundle)));
  return Buffer.concat([checksum, bytecode]);
}

function keptBytecode(bundle: Buffer): Buffer | null {
  try {
    const kept = readFileSync(bytecodePath);
    const bytecode = kept.subarray(4);
    return kept.readUInt32LE(0) === crc32(bytecode, crc32(bundle)) ? bytecode : null;
  } catch {
    return null;
  }
}

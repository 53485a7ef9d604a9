import crypto from 'node:crypto';
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import zlib from 'node:zlib';
import { digestCore, type Digester, type Digests, type DigestTask } from './digest.js';

/** A thread costs some thirty milliseconds and ten megabytes: more than digesting this many bytes here. */
const worthAThread = 32 * 1024 * 1024;

let threads = 0;

/**
 * Digests the bytes of a file: in this thread, or for a large file, as long as there is a processor for it, in one of
 * its own, so that the bytes keep coming meanwhile and the program that embeds this is not held up.
 *
 * @param descriptor of the file; stays open until the digester is closed
 */
export function startDigester(
  descriptor: number,
  { bytes, withMd5 }: { bytes: number; withMd5: boolean },
): Digester {
  if (bytes >= worthAThread && threads < availableParallelism()) {
    try {
      return new ThreadDigester(descriptor, withMd5);
    } catch {
      // Threads may be forbidden here (`node --permission`); it works without.
    }
  }
  const core = digestCore({ crypto, fs, zlib }, descriptor, withMd5);
  return {
    run: async (task) => Promise.resolve(task).then((one) => core.run(one)),
    digests: async () => Promise.resolve().then(() => core.digests()),
    close: async () => Promise.resolve(),
  };
}

type Reply = { result: unknown } | { failure: { message: string; code: unknown } };

/** Text, because a file of its own would not survive every bundler. */
const threadSource = `
const { parentPort, workerData } = require('node:worker_threads');
const modules = { crypto: require('node:crypto'), fs: require('node:fs'), zlib: require('node:zlib') };
const core = (${digestCore.toString()})(modules, workerData.descriptor, workerData.withMd5);
parentPort.on('message', (task) => {
  try {
    parentPort.postMessage({ result: task === null ? core.digests() : core.run(task) });
  } catch (error) {
    parentPort.postMessage({ failure: { message: error.message, code: error.code } });
  }
});`;

class ThreadDigester implements Digester {
  readonly #worker: Worker;
  #lost: Error | null = null;
  readonly #asked: { resolve: (result: unknown) => void; reject: (error: Error) => void }[] = [];

  constructor(descriptor: number, withMd5: boolean) {
    this.#worker = new Worker(threadSource, {
      eval: true,
      execArgv: [],
      workerData: { descriptor, withMd5 },
    });
    threads += 1;
    this.#worker.on('message', (reply: Reply) => {
      const asked = this.#asked.shift();
      if ('result' in reply) asked?.resolve(reply.result);
      else asked?.reject(Object.assign(new Error(reply.failure.message), { code: reply.failure.code }));
    });
    const lost = (error: Error): void => {
      this.#lost ??= error;
      for (const asked of this.#asked.splice(0)) asked.reject(error);
    };
    this.#worker.on('error', lost);
    this.#worker.on('exit', () => {
      lost(new Error('The thread that digests the file has ended.'));
    });
  }

  async run(task: DigestTask): Promise<number> {
    return (await this.#ask(task)) as number;
  }

  async digests(): Promise<Digests> {
    return (await this.#ask(null)) as Digests;
  }

  async close(): Promise<void> {
    threads -= 1;
    await this.#worker.terminate();
  }

  async #ask(task: DigestTask | null): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== null) {
        reject(this.#lost);
        return;
      }
      this.#asked.push({ resolve, reject });
      this.#worker.postMessage(task);
    });
  }
}

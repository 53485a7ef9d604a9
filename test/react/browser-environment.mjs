// The world of the tests with a document: jsdom, with what it lacks of a browser's globals taken from Node.
import { TestEnvironment as JsdomEnvironment } from 'jest-environment-jsdom';

/**
 * Node's fetch, and all that it accepts and returns: a signal or a stream of jsdom's own making would be foreign to it.
 * `Event` and `EventTarget` stay jsdom's, because the document's events have to be; a signal brings its own.
 */
const fromNode = [
  'AbortController', 'AbortSignal', 'Blob', 'ByteLengthQueuingStrategy', 'CompressionStream', 'CountQueuingStrategy',
  'DecompressionStream', 'FormData', 'Headers', 'ReadableStream', 'ReadableStreamDefaultReader', 'Request', 'Response',
  'TextDecoder', 'TextDecoderStream', 'TextEncoder', 'TextEncoderStream', 'TransformStream', 'URL', 'URLSearchParams',
  'WritableStream', 'crypto', 'fetch', 'performance', 'structuredClone',
  // For the sandbox, which is a program of Node: what Node's modules return is of these, and yazl wants the others.
  'ArrayBuffer', 'Uint8Array', 'clearImmediate', 'setImmediate',
]; // prettier-ignore

export default class BrowserEnvironment extends JsdomEnvironment {
  // What runs is Node: elsewhere some packages offer builds that it cannot load.
  customExportConditions = ['node', 'node-addons'];

  constructor(config, context) {
    super(config, context);
    for (const name of fromNode) {
      const value = globalThis[name];
      Object.defineProperty(this.global, name, { value, configurable: true, writable: true });
    }
    // Which of Jest's projects this is, so that a test can prove that it gets the React that it is meant for.
    this.global.testProject = config.projectConfig.displayName?.name;
  }
}

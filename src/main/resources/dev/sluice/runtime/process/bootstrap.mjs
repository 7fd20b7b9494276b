// Runs a Node.js function: asks the Lambda Runtime API for one event after the other, and calls the handler by the rules of
// Lambda's own runtimes. There are two sets of them: those up to nodejs22.x, with callbacks, and those of nodejs24.x.

import fs from 'node:fs';
import * as module from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import util from 'node:util';

const env = process.env;
const require = module.createRequire(import.meta.url);

/** What the function was created for decides, not which Node.js happens to be there. */
const NODE_RULES = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV ?? '')?.[1] ?? process.versions.node.split('.')[0]);
const WITHOUT_CALLBACKS = NODE_RULES >= 24;

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const REQUEST_ID = Symbol.for('aws.lambda.runtime.requestId');

// ---------------------------------------------------------------------------------------------------------------- errors

function errorClass(name) {
  const errors = { [name]: class extends Error {} }[name];
  errors.prototype.name = `Runtime.${name}`;
  return errors;
}

const CallbackHandlerDeprecated = errorClass('CallbackHandlerDeprecated');
const HandlerNotFound = errorClass('HandlerNotFound');
const ImportModuleError = errorClass('ImportModuleError');
const InvalidStreamingOperation = errorClass('InvalidStreamingOperation');
const JSONStringifyError = errorClass('JSONStringifyError');
const MalformedHandlerName = errorClass('MalformedHandlerName');
const MalformedStreamingHandler = errorClass('MalformedStreamingHandler');
const NodeJsExit = errorClass('NodeJsExit');
const PlatformError = errorClass('PlatformError');
const UnhandledPromiseRejection = errorClass('UnhandledPromiseRejection');
const UserCodeSyntaxError = errorClass('UserCodeSyntaxError');

function looksLikeError(value) {
  return ['name', 'message', 'stack'].every((member) => typeof value?.[member] === 'string' && value[member] !== '');
}

/** The body of an error's report. Whatever was thrown, there is one. */
function errorDocument(error) {
  try {
    if (error instanceof Error || util.types.isNativeError(error) || (!WITHOUT_CALLBACKS && looksLikeError(error))) {
      const [type, message, stack] = [error.name, error.message, error.stack];
      if (typeof stack === 'string' || WITHOUT_CALLBACKS) {
        return JSON.stringify({ errorType: type, errorMessage: message, trace: stack?.split('\n') ?? [] });
      }
    } else {
      const message = WITHOUT_CALLBACKS ? String(error) : error.toString();
      return JSON.stringify({ errorType: typeof error, errorMessage: message, trace: [] });
    }
  } catch {
    // A getter or toString of the user's: said below.
  }
  return JSON.stringify({
    errorType: 'handled',
    errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of its message, '
      + 'name, and stack',
    trace: WITHOUT_CALLBACKS ? [] : undefined,
  });
}

function toJson(result) {
  let json;
  try {
    json = JSON.stringify(result === undefined ? null : result);
  } catch {
    throw new (WITHOUT_CALLBACKS ? JSONStringifyError : Error)('Unable to stringify response body');
  }
  if (json === undefined) {
    // A function or a symbol.
    throw new TypeError('Wrong arguments');
  }
  return json;
}

// ------------------------------------------------------------------------------------------------------------------- log

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const JSON_LOG = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
const NO_REQUEST = WITHOUT_CALLBACKS ? '-' : undefined;

/** Returns when it is in the pipe: the server counts on a line being there before the answer that follows it. */
function print(text) {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length;) {
    try {
      from += fs.writeSync(1, bytes, from);
    } catch (e) {
      if (e.code !== 'EAGAIN') {
        throw e;
      }
      // The pipe is full, and a process that the function started has made it non-blocking for all.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function errorMembers(error) {
  return {
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : error.stack,
  };
}

function jsonLine(level, time, requestId, message, more) {
  const line = { timestamp: time, level, requestId };
  if (more.length > 0) {
    const error = (WITHOUT_CALLBACKS ? more : [message, ...more]).find((one) => one instanceof Error);
    return JSON.stringify({ ...line, message: util.format(message, ...more), ...(error && errorMembers(error)) });
  }
  try {
    return JSON.stringify({ ...line, message },
      (_, value) => (value instanceof Error ? { ...errorMembers(value), ...value } : value));
  } catch {
    return JSON.stringify({ ...line, message: util.format(message) });
  }
}

function log(level, message, ...more) {
  const time = new Date().toISOString();
  const requestId = globalThis[REQUEST_ID] ?? NO_REQUEST;
  print(`${JSON_LOG ? jsonLine(level, time, requestId, message, more)
    : `${time}\t${requestId}\t${level}\t${util.format(message, ...more)}`}\n`);
}

function takeConsoleOver() {
  const lowest = Math.max(0, LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()));
  LEVELS.forEach((level, i) => {
    console[level.toLowerCase()] = i < lowest ? () => {} : (message, ...more) => log(level, message, ...more);
  });
  console.log = console.info;
  for (const stream of [process.stdout, process.stderr]) {
    // What a handler writes there itself is to be in the pipe before its answer, too. Files always are.
    stream._handle?.setBlocking?.(true);
  }
}

function logError(what, thrown) {
  let text;
  try {
    const error = thrown instanceof Error ? thrown : new Error(WITHOUT_CALLBACKS ? String(thrown) : thrown);
    if (JSON_LOG) {
      console.error(error);
      return;
    }
    text = JSON.stringify(error, (_, value) => (!(value instanceof Error) ? value : {
      errorType: value.name, errorMessage: value.message, code: value.code, ...value,
      ...(typeof value.stack === 'string' && { stack: value.stack.split('\n') }),
    }));
  } catch {
    text = errorDocument(thrown);
  }
  console.error(what, `\t${text}`);
}

// ----------------------------------------------------------------------------------------------------------- Runtime API

/**
 * One connection to the Runtime API, with one request at a time. A request is handed to the operating system before the method
 * returns, as Lambda's runtimes do it: an answer isn't lost when the function ends the process right after it.
 */
class RuntimeApi {
  #host;
  #port;
  #socket = null;
  #chunks = [];
  #head = null;
  #answered = null;
  #asking = false;
  #ending = false;

  constructor(address) {
    const colon = address.lastIndexOf(':');
    this.#host = address.slice(0, colon).replace(/^\[|]$/g, '');
    this.#port = Number(address.slice(colon + 1));
  }

  /** Waits for an event; only that, and a request that isn't answered yet, keep the process from ending. */
  async next() {
    this.#asking = true;
    const answer = await this.#request('GET', 'invocation/next', '', '');
    this.#asking = false;
    if (answer.status !== 200) {
      throw new Error(`the Runtime API answered ${answer.status}: ${answer.body}`);
    }
    this.#socket?.unref();
    return answer;
  }

  /** Done when the server has taken note, also if it refused: it makes that the outcome of the call, and goes on. */
  response(id, body) {
    return this.#request('POST', `invocation/${encodeURIComponent(id)}/response`, '', body);
  }

  /** @param id of the event; null when it never came so far */
  error(id, thrown) {
    const document = errorDocument(thrown);
    const type = String(JSON.parse(document).errorType).replace(/[^\x20-\x7e]/g, '?');
    return this.#request('POST', id === null ? 'init/error' : `invocation/${encodeURIComponent(id)}/error`,
      `Lambda-Runtime-Function-Error-Type: ${type}\r\n`, document);
  }

  /** Reports an error and ends the process. */
  lastError(id, thrown, exitCode) {
    const exit = () => process.exit(exitCode);
    if (this.#ending) {
      return;
    }
    if (this.#asking) {
      // There is no event whose error this could be.
      exit();
    } else if (this.#answered) {
      this.#answered = exit;
    } else {
      this.error(id, thrown).then(exit);
      if (!this.#socket.connecting && this.#socket.writableLength === 0) {
        exit();
      }
    }
    this.#ending = true;
  }

  #request(method, path, headers, body) {
    if (this.#ending) {
      return new Promise(doNothing);
    }
    if (this.#answered) {
      throw new Error('a request is made before the last one was answered');
    }
    const bytes = Buffer.from(body);
    const head = Buffer.from(`${method} /2018-06-01/runtime/${path} HTTP/1.1\r\nHost: ${this.#host}:${this.#port}\r\n`
      + (method === 'GET' ? '' : `Content-Type: application/json\r\nContent-Length: ${bytes.length}\r\n${headers}`) + '\r\n');
    const socket = this.#socket ?? this.#connect();
    socket.ref();
    const answer = new Promise((resolve) => {
      this.#answered = resolve;
    });
    const whole = Buffer.concat([head, bytes]);
    if (socket.connecting) {
      socket.write(whole);
    } else {
      socket._handle?.setBlocking?.(true);
      socket.write(whole);
      socket._handle?.setBlocking?.(false);
    }
    return answer;
  }

  #connect() {
    const socket = net.connect({ host: this.#host, port: this.#port });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(socket, chunk));
    // Followed by the end of the connection, which is what counts.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed(socket));
    this.#socket = socket;
    return socket;
  }

  #closed(socket) {
    if (this.#socket === socket) {
      this.#socket = null;
      if (this.#answered) {
        // Nobody is there any more to answer for, or to.
        process.exit(1);
      }
    }
  }

  #receive(socket, chunk) {
    this.#chunks.push(chunk);
    if (this.#head === null) {
      const all = Buffer.concat(this.#chunks);
      this.#chunks = [all];
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) {
        return;
      }
      this.#head = RuntimeApi.#parse(all.toString('utf8', 0, end));
      this.#head.from = end + 4;
    }
    const { status, headers, from } = this.#head;
    if (headers['transfer-encoding']) {
      throw new Error(`the Runtime API answered with Transfer-Encoding ${headers['transfer-encoding']}, not with Content-Length`);
    }
    const to = from + Number(headers['content-length'] ?? 0);
    if (this.#chunks.reduce((sum, one) => sum + one.length, 0) < to) {
      return;
    }
    const body = Buffer.concat(this.#chunks).toString('utf8', from, to);
    const answered = this.#answered;
    this.#chunks = [];
    this.#head = null;
    this.#answered = null;
    if (headers.connection?.toLowerCase() === 'close') {
      this.#socket = null;
      socket.destroy();
    }
    answered({ status, headers, body });
  }

  static #parse(head) {
    const lines = head.split('\r\n');
    const headers = Object.fromEntries(lines.slice(1).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }));
    return { status: Number(lines[0].split(' ')[1]), headers };
  }
}

// --------------------------------------------------------------------------------------------------------------- handler

/** Node.js looks there for what is required only, Lambda's for what is imported, too: that is where layers are. */
function importFromNodePath() {
  const folders = (env.NODE_PATH ?? '').split(path.delimiter).filter((folder) => folder !== '' && fs.existsSync(folder));
  if (folders.length === 0) {
    return;
  }
  // In each of them a name is looked for as if beside it there were a file that imports it.
  const parents = folders.filter((folder) => path.basename(folder) === 'node_modules')
    .map((folder) => pathToFileURL(path.join(path.dirname(folder), 'importer.mjs')).href);
  const isElsewhere = (specifier, e) => e.code === 'ERR_MODULE_NOT_FOUND' && !/^([./]|[a-z]+:)/i.test(specifier);
  const required = (specifier, e) => {
    try {
      return { url: pathToFileURL(require.resolve(specifier)).href, shortCircuit: true };
    } catch {
      throw e;
    }
  };
  if (module.registerHooks) {
    module.registerHooks({
      resolve(specifier, context, next) {
        try {
          return next(specifier, context);
        } catch (e) {
          if (!isElsewhere(specifier, e)) {
            throw e;
          }
          for (const parentURL of parents) {
            try {
              return next(specifier, { ...context, parentURL });
            } catch {
              // In none of the folders before.
            }
          }
          return required(specifier, e);
        }
      },
    });
  } else if (module.register) {
    // The same for Node.js 18 and 20, where it runs on a thread of its own.
    const source = `
      import { createRequire } from 'node:module';
      import { pathToFileURL } from 'node:url';
      const require = createRequire(${JSON.stringify(import.meta.url)});
      const isElsewhere = ${isElsewhere};
      const required = ${required};
      export async function resolve(specifier, context, next) {
        try {
          return await next(specifier, context);
        } catch (e) {
          if (!isElsewhere(specifier, e)) {
            throw e;
          }
          for (const parentURL of ${JSON.stringify(parents)}) {
            try {
              return await next(specifier, { ...context, parentURL });
            } catch {}
          }
          return required(specifier, e);
        }
      }`;
    module.register(`data:text/javascript,${encodeURIComponent(source)}`);
  }
}

function offerStreaming() {
  if (['1', 'true'].includes(env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA)) {
    return;
  }
  globalThis.awslambda = {
    ...globalThis.awslambda,
    streamifyResponse(handler, options) {
      handler[STREAMING] = 'response';
      if (typeof options?.highWaterMark === 'number') {
        handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
      }
      return handler;
    },
    HttpResponseStream: class HttpResponseStream {
      static from(stream, prelude) {
        stream.setContentType('application/vnd.awslambda.http-integration-response');
        stream._onBeforeFirstWrite = (write) => {
          write(JSON.stringify(prelude));
          write(Buffer.alloc(8));
        };
        return stream;
      }
    },
  };
}

function isOfModulePackage(folder) {
  for (let at = folder; path.basename(at) !== 'node_modules'; at = path.dirname(at)) {
    const file = path.join(at, 'package.json');
    if (fs.existsSync(file)) {
      try {
        return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module';
      } catch (e) {
        console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, e);
        return false;
      }
    }
    if (at === path.dirname(at)) {
      break;
    }
  }
  return false;
}

const importFile = (file) => import(pathToFileURL(file).href);

/** The first of the files that there is. A promise that a CommonJS module exports is awaited by whoever awaits this. */
async function loadFile(root, folder, name) {
  const file = path.resolve(root, folder, name);
  if (WITHOUT_CALLBACKS) {
    const found = ['', '.js', '.mjs', '.cjs'].map((extension) => file + extension).find((one) => fs.existsSync(one));
    if (found) {
      return importFile(found);
    }
  } else {
    const js = isOfModulePackage(path.dirname(file)) ? importFile : require;
    for (const [extension, load] of [['', require], ['.js', js], ['.mjs', importFile], ['.cjs', require]]) {
      const loaded = fs.existsSync(file + extension) && load(file + extension);
      if (loaded) {
        return loaded;
      }
    }
  }
  return require(require.resolve(name, { paths: [root, path.join(root, folder)] }));
}

async function loadModule(root, folder, name) {
  try {
    return await loadFile(root, folder, name);
  } catch (e) {
    if (e instanceof SyntaxError) {
      const error = new UserCodeSyntaxError(e);
      // It names the place.
      error.stack = e.stack;
      throw error;
    }
    throw e?.code === 'MODULE_NOT_FOUND' ? new ImportModuleError(e) : e;
  }
}

function find(names, loaded) {
  return names.split('.').reduce((found, name) =>
    (found && (!WITHOUT_CALLBACKS || typeof found === 'object') ? found[name] : undefined), loaded);
}

async function loadHandler(root, handler) {
  if (handler.includes('..')) {
    throw new MalformedHandlerName(
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const last = path.basename(handler);
  const names = /^([^.]*)\.(.*)$/.exec(last);
  if (names === null) {
    throw new MalformedHandlerName('Bad handler');
  }
  const loaded = await loadModule(root, handler.slice(0, handler.indexOf(last)), names[1]);
  const found = find(names[2], loaded) || (WITHOUT_CALLBACKS && find(names[2], loaded?.default));
  if (!found) {
    throw new HandlerNotFound(`${handler} is undefined or not exported`);
  }
  if (typeof found !== 'function') {
    throw new HandlerNotFound(`${handler} is not a function`);
  }
  if (found[STREAMING] && found[STREAMING] !== 'response') {
    throw new MalformedStreamingHandler('Only response streaming is supported.');
  }
  if (WITHOUT_CALLBACKS && found.length >= 3 && !found[STREAMING]) {
    throw new CallbackHandlerDeprecated('ERROR: AWS Lambda has removed support for callback-based function handlers starting '
      + 'with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. '
      + 'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.');
  }
  return found;
}

// ----------------------------------------------------------------------------------------------------------------- calls

const doNothing = () => {};
/** What is done when the function has nothing left to do. */
let whenIdle = doNothing;
/** The last event's; null before the first. */
let requestId = null;

function parse(json, name) {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch (e) {
    throw WITHOUT_CALLBACKS ? new PlatformError(`Failed to parse lambda-runtime-${name} as JSON: ${e.message}`)
      : new Error(`Cannot parse ${name === 'client-context' ? 'ClientContext' : 'CognitoIdentity'} as json: ${e}`);
  }
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const traceId = headers['lambda-runtime-trace-id'];
  if (traceId) {
    env._X_AMZN_TRACE_ID = traceId;
  } else {
    delete env._X_AMZN_TRACE_ID;
  }
  return {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parse(headers['lambda-runtime-client-context'], 'client-context'),
    identity: parse(headers['lambda-runtime-cognito-identity'], 'cognito-identity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    ...(WITHOUT_CALLBACKS && { xRayTraceId: traceId }),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

const isPromise = (value) => typeof value?.then === 'function';

/** Collects what the handler writes: whoever called gets it in one piece, as Lambda's Invoke and its mappings do. */
class ResponseStream extends Writable {
  #written = [];
  #started = false;

  setContentType() {
    if (this.#started) {
      throw new InvalidStreamingOperation('Cannot set content-type, too late.');
    }
  }

  write(chunk, ...more) {
    const first = !this.#started;
    this.#started = true;
    if (first && typeof this._onBeforeFirstWrite === 'function') {
      this._onBeforeFirstWrite((prelude) => super.write(prelude));
    }
    return super.write(typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk), ...more);
  }

  _write(chunk, encoding, callback) {
    this.#written.push(chunk);
    callback();
  }

  bytes() {
    return Buffer.concat(this.#written);
  }
}

/** A rejected answer would be nobody's: what goes wrong in here ends the process. */
class Calls {
  #api;
  #handler;
  #call;

  constructor(api, handler) {
    this.#api = api;
    this.#handler = handler;
    this.#call = handler[STREAMING] ? this.#streaming : WITHOUT_CALLBACKS ? this.#awaited : this.#withCallback;
  }

  next() {
    setImmediate(async () => {
      const { headers, body } = await this.#api.next();
      requestId = headers['lambda-runtime-aws-request-id'];
      globalThis[REQUEST_ID] = requestId;
      await this.#call(requestId, headers, body);
    });
  }

  #respond(id, body) {
    whenIdle = doNothing;
    this.#api.response(id, body).then(() => this.next());
  }

  #fail(id, error) {
    whenIdle = doNothing;
    logError('Invoke Error', error);
    this.#api.error(id, error).then(() => this.next());
  }

  async #awaited(id, headers, body) {
    let json;
    try {
      json = toJson(await this.#handler(JSON.parse(body), contextOf(headers)));
    } catch (e) {
      setImmediate(() => this.#fail(id, e));
      return;
    }
    setImmediate(() => this.#respond(id, json));
  }

  async #streaming(id, headers, body) {
    const stream = new ResponseStream({ highWaterMark: this.#handler[HIGH_WATER_MARK] });
    try {
      const ended = new Promise((resolve, reject) => {
        stream.once('finish', resolve);
        stream.once('error', reject);
        whenIdle = () => reject(new Error('Response stream is not finished.'));
      });
      ended.catch(doNothing);
      const context = contextOf(headers);
      if (!WITHOUT_CALLBACKS) {
        context.callbackWaitsForEmptyEventLoop = true;
      }
      const result = this.#handler(JSON.parse(body), stream, context);
      if (!isPromise(result)) {
        throw new Error('Streaming does not support non-async handlers.');
      }
      if ((await Promise.race([result, ended.then(() => result)])) !== undefined) {
        console.warn('Streaming handlers ignore return values.');
      }
      await ended;
    } catch (e) {
      this.#fail(id, e);
      return;
    }
    this.#respond(id, stream.bytes());
  }

  /** Whatever is called first counts: one of the context's functions, the callback, or the promise that was returned. */
  #withCallback(id, headers, body) {
    let settled = false;
    let reported = false;
    let waits = true;
    const once = (settle) => (...given) => {
      if (reported && !settled) {
        // It was answered for, as the function had nothing left to do.
        console.error('Invocation has already been reported as done. Cannot call complete more than once per invocation.');
      } else if (!settled) {
        // Not if that throws: then the error is still to come.
        settle(...given);
        settled = true;
      }
    };
    const fail = (error) => {
      reported = true;
      this.#fail(id, error);
    };
    const succeed = (result) => {
      whenIdle = doNothing;
      const json = toJson(result);
      reported = true;
      this.#respond(id, json);
    };
    const isError = (error) => error !== undefined && error !== null;
    const done = once((error, result) => (isError(error) ? fail(error) : succeed(result)));
    const callback = once((error, result) => {
      if (isError(error)) {
        fail(error);
      } else if (waits) {
        whenIdle = () => setImmediate(() => succeed(result));
      } else {
        succeed(result);
      }
    });
    const succeedOnce = once((result) => succeed(result));
    const failOnce = once((error) => fail(error ?? 'handled'));
    whenIdle = () => {
      if (this.#handler.constructor?.name === 'AsyncFunction') {
        fail(new NodeJsExit('The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by '
          + 'a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes'));
      } else {
        succeed(null);
      }
    };
    try {
      const context = Object.assign({
        get callbackWaitsForEmptyEventLoop() {
          return waits;
        },
        set callbackWaitsForEmptyEventLoop(value) {
          waits = value;
        },
        succeed: succeedOnce,
        fail: failOnce,
        done,
      }, contextOf(headers));
      const result = this.#handler(JSON.parse(body), context, callback);
      if (isPromise(result)) {
        result.then(succeedOnce, failOnce).catch(failOnce);
      }
    } catch (e) {
      callback(e);
    }
  }
}

// ----------------------------------------------------------------------------------------------------------------- start

async function start() {
  const api = new RuntimeApi(env.AWS_LAMBDA_RUNTIME_API);
  if (!WITHOUT_CALLBACKS) {
    process.on('uncaughtException', (error) => {
      logError('Uncaught Exception', error);
      api.lastError(requestId, error, 129);
    });
    process.on('unhandledRejection', (reason, promise) => {
      const error = Object.assign(new UnhandledPromiseRejection(reason), { reason, promise });
      logError('Unhandled Promise Rejection', error);
      api.lastError(requestId, error, 128);
    });
  }
  process.on('beforeExit', () => {
    const act = whenIdle;
    whenIdle = doNothing;
    act();
  });
  let handler;
  try {
    handler = await loadHandler(env.LAMBDA_TASK_ROOT ?? process.cwd(), env._HANDLER ?? '');
  } catch (e) {
    logError(WITHOUT_CALLBACKS ? 'Init Error' : 'Uncaught Exception', e);
    await api.error(null, e);
    process.exit(WITHOUT_CALLBACKS ? 1 : 129);
  }
  new Calls(api, handler).next();
}

takeConsoleOver();
offerStreaming();
importFromNodePath();
const started = start();
if (!WITHOUT_CALLBACKS) {
  // A module that is never loaded gives Node.js's own exit status for it, 13; by the newer rules it is 0.
  await started;
}

// Usage: node witness.mjs <address> <model> <input>
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const here = dirname(fileURLToPath(import.meta.url));
const [address, model, input] = process.argv.slice(2);
const options = { keepCase: true, longs: String, defaults: true, oneofs: true };
const load = file => grpc.loadPackageDefinition(loader.loadSync(join(here, file), options));
const { PredictionService, ModelService } = load('serving.proto').tensorflow.serving;
const { Health } = load('health.proto').grpc.health.v1;
const credentials = grpc.credentials.createInsecure();
const channel = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
const predictions = new PredictionService(address, credentials, channel);
const models = new ModelService(address, credentials);
const health = new Health(address, credentials);

const call = (client, method, request, deadline) => new Promise((done, fail) =>
  client[method](request, { deadline: deadline ?? Date.now() + 30000 }, (error, answer) => error ? fail(error) : done(answer)));

let passed = 0, failed = 0;
async function check(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}: ${error.message}`);
  }
}

function same(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, received ${a}`);
}

async function code(name, promise) {
  try {
    await promise;
  } catch (error) {
    return same(error.code, grpc.status[name], `${name} (${error.details})`);
  }
  throw new Error(`expected ${name}, received an answer`);
}

const spec = more => ({ name: model, ...more });
const bytesOf = values => Buffer.from(new Float32Array(values).buffer);
const shape = (...dims) => ({ dim: dims.map(size => ({ size })) });
const only = outputs => Object.values(outputs)[0];
let width = 2;

await check('metadata are signatures', async () => {
  const answer = await call(predictions, 'GetModelMetadata', { model_spec: spec(), metadata_field: ['signature_def'] });
  const any = answer.metadata.signature_def;
  same(any.type_url, 'type.googleapis.com/tensorflow.serving.SignatureDefMap', 'type');
  // proto-loader brings protobuf.js, which reads the packed message.
  const map = require('protobufjs').loadSync(join(here, 'serving.proto')).lookupType('tensorflow.serving.SignatureDefMap').decode(any.value);
  const x = map.signatureDef.serving_default.inputs[input];
  same(x.dtype, 1, 'dtype');
  width = Number(x.tensorShape.dim.at(-1).size);
});

const values = () => Array.from({ length: 2 * width }, (_, i) => i - 0.5);
const predict = tensor => call(predictions, 'Predict', { model_spec: spec(), inputs: { [input]: tensor } });

await check('tensor_content and float_val give one answer', async () => {
  const a = await predict({ dtype: 1, tensor_shape: shape(2, width), tensor_content: bytesOf(values()) });
  const b = await predict({ dtype: 1, tensor_shape: shape(2, width), float_val: values() });
  same(only(a.outputs), only(b.outputs), 'outputs');
  if (only(a.outputs).float_val.length < 2) throw new Error('no float_val in the answer');
  same([a.model_spec.name, a.model_spec.signature_name], [model, 'serving_default'], 'spec');
});

await check('one value stands for all', async () => {
  const a = await predict({ dtype: 1, tensor_shape: shape(2, width), float_val: [3] });
  const b = await predict({ dtype: 1, tensor_shape: shape(2, width), float_val: Array(2 * width).fill(3) });
  same(only(a.outputs), only(b.outputs), 'outputs');
});

await check('a big message passes', async () => {
  const rows = 200000;
  const a = await predict({ dtype: 1, tensor_shape: shape(rows, width), tensor_content: Buffer.alloc(4 * rows * width) });
  same(only(a.outputs).tensor_shape.dim[0].size, String(rows), 'rows');
});

await check('states of versions', async () => {
  const answer = await call(models, 'GetModelStatus', { model_spec: spec() });
  if (!answer.model_version_status.some(v => v.state === 30)) throw new Error(JSON.stringify(answer));
  const version = answer.model_version_status.find(v => v.state === 30).version;
  const pinned = await call(predictions, 'Predict', { model_spec: spec({ version: { value: version } }), inputs: { [input]: { dtype: 1, tensor_shape: shape(1, width), float_val: [1] } } });
  same(pinned.model_spec.version.value, version, 'version');
});

await check('an unknown model is not found', () => code('NOT_FOUND', call(predictions, 'Predict', { model_spec: { name: 'nobody' }, inputs: {} })));
await check('an unknown version is not found', () => code('NOT_FOUND', call(models, 'GetModelStatus', { model_spec: spec({ version: { value: 987654 } }) })));
await check('a wrong dtype is an invalid argument', () => code('INVALID_ARGUMENT', predict({ dtype: 3, tensor_shape: shape(1, width), tensor_content: bytesOf(values().slice(0, width)) })));
await check('content that does not fit is an invalid argument', () => code('INVALID_ARGUMENT', predict({ dtype: 1, tensor_shape: shape(1, width), tensor_content: Buffer.alloc(3) })));
await check('a huge shape is an invalid argument', () => code('INVALID_ARGUMENT', predict({ dtype: 1, tensor_shape: shape('1073741824', '1073741824'), float_val: [1] })));
await check('a negative dimension is an invalid argument', () => code('INVALID_ARGUMENT', predict({ dtype: 1, tensor_shape: shape(-2, width), float_val: [1] })));
await check('a missing input is an invalid argument', () => code('INVALID_ARGUMENT', call(predictions, 'Predict', { model_spec: spec(), inputs: {} })));
await check('a signature that predicts does not classify', () => code('INVALID_ARGUMENT', call(predictions, 'Classify', {
  model_spec: spec(), input: { example_list: { examples: [{ features: { feature: { x: { float_list: { value: [1] } } } } }] } } })));
await check('a deadline that has passed ends the call', () => code('DEADLINE_EXCEEDED', call(models, 'GetModelStatus', { model_spec: spec() }, Date.now() - 1)));
await check('a call is cancelled', () => new Promise((done, fail) => {
  const running = predictions.Predict({ model_spec: spec(), inputs: { [input]: { dtype: 1, tensor_shape: shape(200000, width), tensor_content: Buffer.alloc(800000 * width) } } },
    error => error?.code === grpc.status.CANCELLED ? done() : fail(new Error(String(error))));
  running.cancel();
}));
await check('100 calls at once', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => predict({ dtype: 1, tensor_shape: shape(1, width), float_val: Array(width).fill(i) })));
  same(new Set(answers.map(a => only(a.outputs).float_val[0])).size, 100, 'different answers');
});
await check('the server is healthy', async () => same((await call(health, 'Check', {})).status, 1, 'status'));
await check('the model is healthy', async () => same((await call(health, 'Check', { service: model })).status, 1, 'status'));

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

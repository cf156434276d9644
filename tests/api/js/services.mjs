// The services as clients of Connect for JavaScript know them, from the protos as `buf build` reads them.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const set = execFileSync(path('../buf'), ['build', '--as-file-descriptor-set', '-o', '-'], { cwd: path('../../..'), maxBuffer: 1 << 24 });
export const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, set));

// `ContactService`, or a service of another package with that.
export const service = (name) => registry.getService(name.includes('.') ? name : `stagecraft.v1.${name}`);
export const message = (name) => registry.getMessage(name);

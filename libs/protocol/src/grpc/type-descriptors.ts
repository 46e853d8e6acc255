import protobuf from 'protobufjs';
import type {
  IDescriptorProto,
  IEnumDescriptorProto,
  IFieldDescriptorProto,
  IOneofDescriptorProto,
  IServiceDescriptorProto,
} from 'protobufjs/ext/descriptor/index.js';

/** google.protobuf.FieldDescriptorProto.Type, of the types that are neither messages nor enums. */
const SCALARS: Readonly<Record<string, number>> = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
};
const MESSAGE = 11;
const ENUM = 14;

/** google.protobuf.FieldDescriptorProto.Label. */
const OPTIONAL = 1;
const REPEATED = 3;

/** What descriptor.proto has and protobufjs's types of it lack. */
type Field = Omit<IFieldDescriptorProto, 'oneofIndex'> & { oneofIndex?: number; proto3Optional?: boolean };

/** The DescriptorProto of a proto3 message whose references are resolved, with all that it declares within. */
export function describeMessage(type: protobuf.Type): IDescriptorProto {
  const oneofs = type.oneofsArray.toSorted((a, b) => Number(isSynthetic(a)) - Number(isSynthetic(b)));
  const fields = type.fieldsArray.map((field) => describeField(field, oneofs));
  const entries = type.fieldsArray.filter((field) => field instanceof protobuf.MapField).map(describeEntry);
  const nested = type.nestedArray.filter((one) => one instanceof protobuf.Type).map(describeMessage);
  return {
    name: type.name,
    field: fields,
    nestedType: [...nested, ...entries],
    enumType: type.nestedArray.filter((one) => one instanceof protobuf.Enum).map(describeEnum),
    oneofDecl: oneofs.map(({ name }): IOneofDescriptorProto => ({ name })),
  };
}

/** The EnumDescriptorProto of an enum. */
export function describeEnum({ name, values }: protobuf.Enum): IEnumDescriptorProto {
  return { name, value: Object.entries(values).map(([value, number]) => ({ name: value, number })) };
}

/** The ServiceDescriptorProto of a service whose messages are resolved. */
export function describeService(service: protobuf.Service): IServiceDescriptorProto {
  const method = service.methodsArray.map((one) => ({
    name: one.name,
    ...(one.resolvedRequestType ? { inputType: one.resolvedRequestType.fullName } : {}),
    ...(one.resolvedResponseType ? { outputType: one.resolvedResponseType.fullName } : {}),
    clientStreaming: one.requestStream === true,
    serverStreaming: one.responseStream === true,
  }));
  return { name: service.name, method };
}

function describeField(field: protobuf.Field, oneofs: readonly protobuf.OneOf[]): Field {
  const { partOf } = field;
  const label = field.repeated || field instanceof protobuf.MapField ? REPEATED : OPTIONAL;
  const described = { name: nameOf(field), number: field.id, label, ...describeType(field) };
  if (!partOf) return described;
  return { ...described, oneofIndex: oneofs.indexOf(partOf), ...(isSynthetic(partOf) ? { proto3Optional: true } : {}) };
}

function describeType(field: protobuf.Field): Pick<Field, 'type' | 'typeName'> {
  if (field instanceof protobuf.MapField) {
    return { type: MESSAGE, typeName: `${field.parent?.fullName}.${entryName(field)}` };
  }
  return describeValueType(field);
}

function describeValueType({
  type,
  resolvedType,
}: Pick<protobuf.Field, 'type' | 'resolvedType'>): Pick<Field, 'type' | 'typeName'> {
  if (resolvedType === null) return { type: scalar(type) };
  return { type: resolvedType instanceof protobuf.Enum ? ENUM : MESSAGE, typeName: resolvedType.fullName };
}

/** A map is a list of entries, whose message protoc makes up and every library expects by this name. */
function describeEntry(field: protobuf.MapField): IDescriptorProto {
  const entry = [
    { name: 'key', number: 1, label: OPTIONAL, type: scalar(field.keyType) },
    { name: 'value', number: 2, label: OPTIONAL, ...describeValueType(field) },
  ];
  return { name: entryName(field), field: entry, options: { mapEntry: true } };
}

function entryName(field: protobuf.MapField): string {
  return `${nameOf(field).replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}

/** `optional` of proto3 is a oneof of one field, after all real ones. */
function isSynthetic({ fieldsArray: [field] }: protobuf.OneOf): boolean {
  return field?.options?.['proto3_optional'] === true;
}

/** protobufjs brings the files of google/protobuf/ along with the names that JavaScript gives to fields. */
function nameOf({ name, fullName }: protobuf.FieldBase): string {
  if (!fullName.startsWith('.google.protobuf.')) return name;
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function scalar(type: string): number {
  const number = SCALARS[type];
  if (number === undefined) throw new Error(`protobuf has no type ${type}`);
  return number;
}

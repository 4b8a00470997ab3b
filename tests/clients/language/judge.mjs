/** The verdict of graphql-js on documents for our schema, by the September 2025 edition. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, getOperationAST, getVariableValues, GraphQLError, Kind, parse, recommendedRules, specifiedRules, validate } from "graphql-2025";
import { ROOT } from "../../support/server.mjs";

export const schema = buildSchema(readFileSync(join(ROOT, "schema.graphql"), "utf8"));
// Those that are merely recommended are no part of the specification.
const RULES = specifiedRules.filter((rule) => !recommendedRules.includes(rule));
// By the specification a selection set has one selection at least.
export const OPTIONS = { allowEmptySelectionSets: false, noLocation: true };

const TIME = /^\d{4}-\d\d-\d\d([Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))?$/;
/** What our own scalars take, by their descriptions: strings, whole numbers, and other numbers. */
const TAKES = {
  BigInt: { string: isBigInt, int: isBigInt, float: () => false },
  Decimal: { string: isDecimal, int: isDecimal, float: isDecimal },
  DateTime: { string: (text) => TIME.test(text) && !Number.isNaN(Date.parse(text)), int: () => false, float: () => false },
  JSON: { string: () => false, int: () => false, float: () => false },
};

function isBigInt(text) {
  return /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function isDecimal(text) {
  return /^-?\d+(\.\d{1,4})?$/.test(text) && isBigInt(String(text).replace(/\.\d+$/, "") + "0000");
}

for (const [name, takes] of Object.entries(TAKES)) {
  const type = schema.getType(name);
  const checked = (kind, text) => {
    if (!takes[kind]?.(text)) throw new GraphQLError(`not a ${name}`);
    return text;
  };
  const kinds = { [Kind.STRING]: "string", [Kind.INT]: "int", [Kind.FLOAT]: "float" };
  type.coerceInputLiteral = (node) => checked(kinds[node.kind], node.value);
  type.parseLiteral = type.coerceInputLiteral;
  type.coerceInputValue = (value) => {
    if (typeof value === "string") return checked("string", value);
    if (typeof value === "number") return checked(Number.isInteger(value) ? "int" : "float", String(value));
    throw new GraphQLError(`not a ${name}`);
  };
  type.parseValue = type.coerceInputValue;
}

/** Why a document is refused; nothing if it is valid. */
export function refusal(document) {
  let parsed;
  try {
    parsed = parse(document, OPTIONS);
  } catch (error) {
    return `syntax: ${error.message}`;
  }
  return validate(schema, parsed, RULES)[0]?.message;
}

/** Why variables do not fit a valid document's operation; nothing if they do. */
export function misfit(document, operationName, variables) {
  const operation = getOperationAST(parse(document, OPTIONS), operationName);
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  return errors?.[0].message;
}

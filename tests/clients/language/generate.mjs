/** Documents made of valid ones: tokens and parts are left out, doubled, exchanged and mixed. Seeded: the same seed gives the same documents. */
import { Kind, Lexer, parse, print, Source, visit } from "graphql-2025";
import { OPTIONS } from "./judge.mjs";

/** Numbers from 0 to 1 (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Tokens that stand in no document, or rarely. */
const ODD = ["!", "$", "&", "(", ")", "...", ":", "=", "@", "[", "]", "{", "|", "}", "0", "-1", "1.5", "1e3", "2147483648", "9223372036854775808", '""', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\u{1F600}"',
  '"""a"""', "true", "null", "on", "query", "mutation", "subscription", "fragment", "$n", "ID", "ASC", "id", "first", "__typename", "@skip(if: true)", "@include(if: $i)", "@nothing", "Lead", "Int", "[Int!]!", "{}", "[]", "é", "\u00a0", ",", "#x\n", "\ufeff"];

export function generator(seeds, seed) {
  const next = random(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const split = seeds.map(tokens);
  const pool = [...new Set(split.flat())];
  const trees = seeds.map((text) => parse(text, OPTIONS));
  const parts = new Map();
  for (const tree of trees) visit(tree, { enter: (node) => void parts.set(node.kind, [...(parts.get(node.kind) ?? []), node]) });

  function byTokens() {
    const list = [...pick(split)];
    for (let change = next() < 0.7 ? 1 : 2; change > 0; change -= 1) {
      const at = Math.floor(next() * list.length);
      const token = next() < 0.4 ? pick(ODD) : pick(pool);
      pick([
        () => list.splice(at, 1),
        () => list.splice(at, 1, token),
        () => list.splice(at, 0, token),
        () => list.splice(at, 0, list[at]),
        () => list.splice(at, 2, ...list.slice(at, at + 2).reverse()),
        () => list.splice(at, 0, ...pick(split).slice(0, 4)),
      ])();
    }
    return list.join(" ");
  }

  /** Parts take each other's places: values any value's, others those of their kind. */
  function byParts() {
    let tree = structuredClone(pick(trees));
    for (let change = next() < 0.7 ? 1 : 2; change > 0; change -= 1) {
      const places = [];
      visit(tree, {
        enter(node, key, parent) {
          if (parent) places.push({ node, key, parent });
        },
      });
      if (places.length === 0) break;
      const { node, key, parent } = pick(places);
      const isValue = node.kind.endsWith("Value") || node.kind === Kind.VARIABLE;
      const kind = isValue && parent.kind !== Kind.VARIABLE_DEFINITION ? pick([...parts.keys()].filter((kind) => kind.endsWith("Value") || kind === Kind.VARIABLE)) : pick([node.kind, node.kind, ...(node.kind.endsWith("Type") ? [Kind.NAMED_TYPE, Kind.LIST_TYPE, Kind.NON_NULL_TYPE] : []), ...(node.kind === Kind.FIELD ? [Kind.INLINE_FRAGMENT, Kind.FRAGMENT_SPREAD] : [])]);
      const other = structuredClone(pick(parts.get(kind) ?? [node]));
      const wrap = isValue && next() < 0.2 ? { kind: Kind.LIST, values: [node] } : other;
      if (Array.isArray(parent)) pick([() => parent.splice(key, 1), () => parent.splice(key, 1, wrap), () => parent.splice(key, 0, other), () => parent.push(structuredClone(node))])();
      else parent[key] = wrap;
    }
    // Those of another document beside it, so that spreads find a fragment.
    if (next() < 0.2) {
      const definitions = [...tree.definitions, ...structuredClone(pick(trees)).definitions];
      for (const [index, definition] of definitions.entries()) definition.name ??= { kind: Kind.NAME, value: `Operation${index}` };
      tree = { ...tree, definitions };
    }
    try {
      return print(tree);
    } catch {
      return byTokens();
    }
  }

  return () => (next() < 0.4 ? byTokens() : byParts());
}

/** The tokens of a document as they are written. */
function tokens(text) {
  const lexer = new Lexer(new Source(text));
  const found = [];
  for (let token = lexer.advance(); token.kind !== "<EOF>"; token = lexer.advance()) found.push(text.slice(token.start, token.end));
  return found;
}

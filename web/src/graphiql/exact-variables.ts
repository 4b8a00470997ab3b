/** Variables as they stand in the editor: JSON with comments, whose integers beyond 2^53 keep every digit. */
import { type Node, parseTree } from "jsonc-parser";
import { exactNumber } from "../ui/exact-json";

/** Undefined if the text holds no object. GraphiQL reads the text too, says what is wrong with it, and rounds. */
export function parseVariables(text: string): Record<string, unknown> | undefined {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  return tree?.type === "object" ? (valueOf(tree, text) as Record<string, unknown>) : undefined;
}

function valueOf({ type, value, children = [], offset, length }: Node, text: string): unknown {
  switch (type) {
    case "object":
      return Object.fromEntries(children.map(({ children: [name, of] = [] }) => [name?.value, of && valueOf(of, text)]));
    case "array":
      return children.map((child) => valueOf(child, text));
    case "number":
      return exactNumber(value as number, text.slice(offset, offset + length));
    default:
      return value;
  }
}

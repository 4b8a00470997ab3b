/** What the schema breaks for clients that were written for the last release. */
import { execFileSync } from "node:child_process";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

/**
 * The last release before or at the current commit with the schema that it had; or `nothing`, which
 * says why there is none to compare with.
 */
export function lastRelease(repository) {
  const git = (...args) => execFileSync("git", ["-C", repository, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  try {
    git("rev-parse", "HEAD");
  } catch (error) {
    if (/not a git repository/.test(error.stderr)) return { nothing: "this folder is not a clone of the repository" };
    throw error;
  }
  const [tag] = git("tag", "--list", "v[0-9]*", "--merged", "HEAD", "--sort=-v:refname").split("\n");
  if (tag) return { tag, schema: git("show", `${tag}:schema.graphql`) };
  const shallow = git("rev-parse", "--is-shallow-repository").trim() === "true";
  return { nothing: shallow ? "this clone is shallow and has no release tag" : "there is no release yet (no tag like v1.2.3)" };
}

/** The entries of `breaking-changes.txt` that are about changes since this release. */
export function listed(text, tag) {
  const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim());
  return lines.filter((line) => line.startsWith(`${tag} `)).map((line) => line.slice(tag.length).trim());
}

/** What is wrong: breaking changes that are not listed, and listed ones that are none. */
export async function complaints({ tag, schema }, now, text) {
  const changes = await diff(buildSchema(schema), buildSchema(now));
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  const name = ({ type, path }) => `${type} ${path}`;
  const known = listed(text, tag);
  return [
    ...breaking.filter((change) => !known.includes(name(change))).map((change) => `not listed: ${tag} ${name(change)}  (${change.message})`),
    ...known.filter((entry) => !breaking.some((change) => name(change) === entry)).map((entry) => `listed, but no breaking change: ${tag} ${entry}`),
  ];
}

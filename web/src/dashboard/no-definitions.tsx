import { useMeasures } from "./measures";

/** Without definitions nothing is marked as approximate, and so everything looks exact. */
export function NoDefinitions() {
  if (!useMeasures().isUnknown) return null;
  return <p className="panel-error" role="alert">The definitions could not be loaded: figures may be approximate that are not marked.</p>;
}

/** A part of the page with an answer of its own: what fails or loads here leaves the rest alone. */
import type { ReactNode } from "react";
import { useData } from "../api/use-data";
import type { TypedDocumentString } from "../generated/graphql";
import { download, toCsv } from "./csv";
import { Definition } from "./definition";
import { graphiqlLink } from "./share-link";

export interface Table {
  header: string[];
  rows: string[][];
}

interface PanelProps<Data, Variables> {
  title: string;
  definition?: string;
  /** A line below the title. */
  note?: ReactNode;
  document: TypedDocumentString<Data, Variables>;
  variables: Variables;
  /** False while the variables are not known yet. */
  enabled?: boolean;
  /** Pixels that the content takes while it loads, so that nothing jumps. */
  height?: number;
  /** Stand before the panel's own buttons. */
  tools?: ReactNode;
  /** The panel's figures as a table, for the button "CSV". */
  csv?: (data: Data) => Table;
  className?: string;
  children: (data: Data) => ReactNode;
}

export function Panel<Data, Variables>(props: PanelProps<Data, Variables>) {
  const { title, definition, note, document, variables, enabled = true, height = 200, tools, csv, className = "", children } = props;
  const { data, error, refetch, isFetching, isPlaceholderData } = useData(document, variables, { enabled });
  return (
    <section className={`panel ${className}`} aria-label={title} aria-busy={!enabled || (isFetching && (!data || isPlaceholderData))}>
      <header className="panel-head">
        <h2><Definition term={title} text={definition} /></h2>
        <div className="panel-tools">
          {tools}
          {csv && (
            <button type="button" className="quiet-button" disabled={!data} aria-label={`${title} as CSV`} onClick={() => data && save(title, csv(data))}>
              CSV
            </button>
          )}
          <GraphiqlLink title={title} document={document} variables={variables} />
        </div>
      </header>
      {note && <p className="panel-note">{note}</p>}
      {error && (
        <div className="panel-error" role="alert">
          <p>{data ? "Not up to date: " : ""}{error.message}</p>
          <button type="button" onClick={() => void refetch()} disabled={isFetching}>Try again</button>
        </div>
      )}
      {data && <div className={isPlaceholderData ? "panel-content outdated" : "panel-content"}>{children(data)}</div>}
      {!data && !error && <div className="skeleton" style={{ height }} role="status" aria-label={`${title}: loading`} />}
    </section>
  );
}

/** Opens the query that made a figure, ready to run and to change. */
export function GraphiqlLink<Data, Variables>({ title, document, variables }: { title: string; document: TypedDocumentString<Data, Variables>; variables: Variables }) {
  const href = graphiqlLink({ query: document.toString(), variables: variables as Record<string, unknown> });
  return (
    <a className="quiet-button" href={href} target="_blank" rel="noopener" title="Open in GraphiQL" aria-label={`${title}: open in GraphiQL`}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5">
        <path d="M5.5 4 1.8 8l3.7 4M10.5 4l3.7 4-3.7 4" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </a>
  );
}

function save(title: string, { header, rows }: Table) {
  download(`${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.csv`, toCsv(header, rows), "text/csv;charset=utf-8");
}

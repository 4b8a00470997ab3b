/** A part of the page with an answer of its own: what fails or loads here leaves the rest alone. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { RequestError } from "../api/request";
import { useData } from "../api/use-data";
import type { TypedDocumentString } from "../generated/graphql";
import { download, toCsv } from "./csv";
import { Definition } from "./definition";
import { fileName } from "./file-name";
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
  /** The days that an answer is about, for the file's name; today's state if it is not given. */
  days?: (data: Data) => string | undefined;
  /** An answer that the variables come from, while it is not there. */
  waitsFor?: Waiting | false;
  /** Pixels that the content takes while it loads, so that nothing jumps. */
  height?: number;
  /** Stand before the panel's own buttons. */
  tools?: ReactNode;
  /** The panel's figures as a table, for the button "CSV". */
  csv?: (data: Data) => Table;
  className?: string;
  /** `isOutdated`: the content is that of the question before, until the present one is answered. */
  children: (data: Data, isOutdated: boolean) => ReactNode;
}

type Waiting = Pick<UseQueryResult<unknown, RequestError>, "error" | "refetch" | "isFetching">;

export function Panel<Data, Variables>(props: PanelProps<Data, Variables>) {
  const { title, definition, note, document, variables, days, waitsFor = false, height = 200, tools, csv, className = "", children } = props;
  const answer = useData(document, variables, { enabled: !waitsFor });
  const { data, isPlaceholderData } = answer;
  const { error, refetch, isFetching } = waitsFor || answer;
  return (
    <section className={`panel ${className}`} aria-label={title} aria-busy={isFetching && (Boolean(waitsFor) || !data || isPlaceholderData)}>
      <header className="panel-head">
        <h2><Definition term={title} text={definition} /></h2>
        <div className="panel-tools">
          {tools}
          {csv && (
            <button type="button" className="quiet-button" disabled={!data || isPlaceholderData} aria-label={`${title} as CSV`} onClick={() => data && save(title, days?.(data), csv(data))}>
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
      {data && <div className={isPlaceholderData ? "panel-content outdated" : "panel-content"}>{children(data, isPlaceholderData)}</div>}
      {!data && !error && <div className="skeleton" style={{ height }} role="status" aria-label={`${title}: loading`} />}
    </section>
  );
}

/** Opens the query that made a figure, ready to run and to change. A tab with an opener begins with a copy of the session storage: signed in. */
export function GraphiqlLink<Data, Variables>({ title, document, variables, children }: { title: string; document: TypedDocumentString<Data, Variables>; variables: Variables; children?: ReactNode }) {
  const href = graphiqlLink({ query: document.toString(), variables: variables as Record<string, unknown> });
  return (
    <a className="quiet-button graphiql-link" href={href} target="_blank" rel="opener" title="Open in GraphiQL" aria-label={`${title}: open in GraphiQL`}>
      {children}
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5">
        <path d="M5.5 4 1.8 8l3.7 4M10.5 4l3.7 4-3.7 4" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </a>
  );
}

function save(title: string, days: string | undefined, { header, rows }: Table) {
  download(fileName(title, days, "csv"), toCsv(header, rows), "text/csv;charset=utf-8");
}

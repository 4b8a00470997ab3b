/** A list as a panel: its table, how far it is loaded, and the query that made it. */
import type { ReactNode } from "react";
import type { Pages } from "../../api/use-pages";
import type { TypedDocumentString } from "../../generated/graphql";
import { type Column, DataTable, type DataTableProps } from "../../ui/data-table";
import { GraphiqlLink } from "../../ui/panel";

interface ListPanelProps<Row extends { id: string }, Data, Variables> extends Pick<DataTableProps<Row>, "details" | "isSearchable" | "sorting" | "setSorting" | "days" | "maxHeight"> {
  title: string;
  note?: ReactNode;
  /** Said when there are no rows. */
  empty: string;
  pages: Pages<Row>;
  /** A second list whose figures stand in the rows, and what failed without it. */
  figures?: { pages: Pages<unknown>; missing: string };
  /** Stand before the panel's own buttons. */
  tools?: ReactNode;
  columns: Column<Row>[];
  document: TypedDocumentString<Data, Variables>;
  variables: Variables;
}

const idOf = ({ id }: { id: string }) => id;

export function ListPanel<Row extends { id: string }, Data, Variables>(props: ListPanelProps<Row, Data, Variables>) {
  const { title, note, empty, pages, figures, tools, document, variables, maxHeight, ...table } = props;
  const isFirst = pages.isLoading && pages.total === null;
  return (
    <section className="panel" aria-label={title} aria-busy={isFirst}>
      <header className="panel-head">
        <h2>{title}</h2>
        <div className="panel-tools">{tools}<GraphiqlLink title={title} document={document} variables={variables} /></div>
      </header>
      {note && <p className="panel-note">{note}</p>}
      <Failure pages={pages} what={pages.rows.length ? "Not all rows are loaded: " : ""} />
      {figures && <Failure pages={figures.pages} what={`${figures.missing}: `} />}
      {isFirst ? (
        <div className="skeleton" style={{ height: maxHeight ?? 320 }} role="status" aria-label={`${title}: loading`} />
      ) : (
        (pages.total !== null || !pages.error) && (
          <DataTable {...table} isOutdated={Boolean(figures && (figures.pages.isLoading || figures.pages.error))} maxHeight={maxHeight} title={title} rows={pages.rows} rowKey={idOf} empty={empty} status={<LoadStatus pages={pages} />} />
        )
      )}
    </section>
  );
}

function Failure<Row>({ pages: { error, more }, what }: { pages: Pages<Row>; what: string }) {
  if (!error) return null;
  return (
    <div className="panel-error" role="alert">
      <p>{what}{error.message}</p>
      <button type="button" onClick={more}>Try again</button>
    </div>
  );
}

function LoadStatus<Row>({ pages: { rows, total, isLoading, isPartial, error, stop, more } }: { pages: Pages<Row> }) {
  if (total === null || error) return null;
  if (isLoading) {
    return (
      <span className="load-status">
        <progress value={rows.length} max={total} aria-label="Rows that are loaded" /> of {total.toLocaleString()}
        <button type="button" onClick={stop}>Stop</button>
      </span>
    );
  }
  if (!isPartial) return null;
  return (
    <span className="load-status">
      of {total.toLocaleString()}. Order, search and CSV know only these.
      <button type="button" onClick={more}>Load more</button>
    </span>
  );
}

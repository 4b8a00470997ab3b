/** The hundred promoters with most revenue, each with a page of its own. */
import { useMemo } from "react";
import { graphql } from "../../generated";
import type { TopPromotersQuery } from "../../generated/graphql";
import { type Column, DataTable } from "../../ui/data-table";
import { count, majorUnits, money } from "../../ui/format";
import { Panel } from "../../ui/panel";
import { definitionOf, useMeasures } from "../measures";
import type { ReportArguments } from "../report-arguments";
import { PromoterLink } from "../promoter-link";

const TOP_PROMOTERS = graphql(`
  query TopPromoters($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {
    performance(
      period: $period
      timezone: $timezone
      filter: $filter
      by: [PROMOTER]
      orderBy: [{ measure: REVENUE, direction: DESC }]
      first: 100
    ) {
      totalCount
      nodes {
        promoter { id firstPromoterId name email }
        referrals customers sales revenue earnings
      }
    }
  }
`);

type Row = NonNullable<TopPromotersQuery["performance"]>["nodes"][number];

const rowKey = (row: Row) => row.promoter?.id ?? "";

export function TopPromoters({ variables: { period, timezone, filter }, currency }: { variables: ReportArguments; currency: string | null | undefined }) {
  const measures = useMeasures();
  const columns = useMemo(() => {
    const all: Column<Row>[] = [
      { key: "promoter", title: "Promoter", width: 2.2, value: nameOf, render: (row) => <PromoterName row={row} /> },
      { key: "id", title: "ID", width: 1.3, value: ({ promoter }) => promoter?.firstPromoterId ?? null, render: ({ promoter }) => <span className="quiet">{promoter?.firstPromoterId ?? "–"}</span> },
      { key: "referrals", title: "Referrals", isNumeric: true, width: 1.1, value: (row) => row.referrals, render: (row) => count(row.referrals) },
      { key: "customers", title: "Customers", isNumeric: true, width: 1.15, value: (row) => row.customers, render: (row) => count(row.customers) },
      { key: "sales", title: "Sales", isNumeric: true, value: (row) => row.sales, render: (row) => count(row.sales) },
      { key: "revenue", title: "Revenue", isNumeric: true, width: 1.3, value: (row) => majorUnits(row.revenue, currency), render: (row) => money(row.revenue, currency) },
      { key: "earnings", title: "Earnings", isNumeric: true, width: 1.3, value: (row) => majorUnits(row.earnings, currency), render: (row) => money(row.earnings, currency) },
    ];
    return all.map((column) => ({ ...column, definition: definitionOf(measures.get(column.key)) }));
  }, [measures, currency]);
  return (
    <Panel
      title="Top promoters"
      note={<>The hundred with most revenue. <PromoterLink id="all">All promoters</PromoterLink></>}
      document={TOP_PROMOTERS}
      variables={{ period, timezone, filter }}
      height={480}
    >
      {({ performance }) => (
        <DataTable
          title="Top promoters"
          columns={columns}
          rows={performance?.nodes ?? NO_ROWS}
          rowKey={rowKey}
          initialSorting={BEST_FIRST}
          empty="Nothing in this period."
          maxHeight={440}
        />
      )}
    </Panel>
  );
}

const NO_ROWS: Row[] = [];
const BEST_FIRST = { key: "revenue", descending: true };

function nameOf({ promoter }: Row): string | null {
  return promoter?.name ?? promoter?.email ?? null;
}

function PromoterName({ row }: { row: Row }) {
  if (!row.promoter) return <span className="quiet">No promoter</span>;
  return <PromoterLink id={row.promoter.id}>{nameOf(row) ?? `Promoter ${row.promoter.firstPromoterId}`}</PromoterLink>;
}

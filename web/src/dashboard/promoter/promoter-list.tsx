/** All promoters, with their figures of the period. */
import { useMemo } from "react";
import { type Pages, usePages } from "../../api/use-pages";
import { graphql } from "../../generated";
import type { PromoterFilter, PromoterListFiguresQuery, PromoterListQuery } from "../../generated/graphql";
import { useToday } from "../calendar";
import { FilterBar } from "../filter-bar";
import { LiveStatus } from "../live-status";
import { headingOf, useMeasures } from "../measures";
import { NoDefinitions } from "../no-definitions";
import { reportArguments } from "../report-arguments";
import { useTitle } from "../title";
import { useView, type View } from "../view";
import type { Viewer } from "./audience";
import { countColumn, moneyColumn, stateColumn, textColumn, timeColumn } from "../../ui/columns";
import type { Column } from "../../ui/data-table";
import { periodDays } from "../../ui/file-name";
import { GraphiqlLink } from "../../ui/panel";
import { ListPanel } from "./list-panel";
import type { Sorting } from "../../ui/table-rows";
import { PromoterLink, promoterName } from "../promoter-link";
import { promoterStatus } from "./words";

const PROMOTERS = graphql(`
  query PromoterList($filter: PromoterFilter, $after: String) {
    promoters(first: 200, after: $after, filter: $filter, orderBy: [{ field: JOINED_AT, direction: DESC }]) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id firstPromoterId name email status archivedAt joinedAt
        promotions(first: 10) { totalCount nodes { state } }
      }
    }
  }
`);

const FIGURES = graphql(`
  query PromoterListFigures($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter, $after: String) {
    performance(period: $period, timezone: $timezone, filter: $filter, by: [PROMOTER], first: 1000, after: $after) {
      start
      end
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { promoter { id } referrals customers revenue earnings liability liabilityUnknown }
    }
  }
`);

type Promoter = NonNullable<PromoterListQuery["promoters"]>["nodes"][number];
type Figures = NonNullable<PromoterListFiguresQuery["performance"]>["nodes"][number];

const promotersOf = ({ promoters }: PromoterListQuery) => promoters;
const figuresOf = ({ performance }: PromoterListFiguresQuery) => performance;
const BEST_FIRST = { key: "revenue", descending: true };
const NOTHING = { referrals: 0, customers: 0, revenue: 0, earnings: "0", liability: "0", liabilityUnknown: "0" };

export function PromoterList({ viewer: { currency, role, seesContactData } }: { viewer: Viewer }) {
  const { view, setView } = useView();
  const today = useToday(view.timezone);
  useTitle("Promoters");
  const variables = useMemo(() => ({ filter: promoterFilter(view) }), [view]);
  const figuresVariables = useMemo(() => {
    const { period, timezone, filter } = reportArguments(view, today);
    return { period, timezone, filter };
  }, [view, today]);
  const setSorting = (sort: Sorting) => setView({ sort }, { replace: true });
  const pages = usePages(PROMOTERS, variables, promotersOf);
  const figures = usePages(FIGURES, figuresVariables, figuresOf);
  const columns = useColumns(figures, { currency, seesContactData, timezone: view.timezone });
  return (
    <div className="dashboard">
      <div className="page-head">
        <h2>Promoters</h2>
      </div>
      <FilterBar comparison={false}><LiveStatus role={role} /></FilterBar>
      <NoDefinitions />
      <ListPanel
        title="All promoters"
        note="Referrals, customers, revenue and earnings are those of the period; what is owed is that of now. Revenue belongs to who referred the customer, earnings to who earns them."
        empty="No promoters."
        pages={pages}
        figures={{ pages: figures, missing: "Without figures" }}
        tools={<GraphiqlLink title="Figures of all promoters" document={FIGURES} variables={figuresVariables}>Figures</GraphiqlLink>}
        columns={columns}
        document={PROMOTERS}
        variables={variables}
        isSearchable
        sorting={view.sort ?? BEST_FIRST}
        setSorting={setSorting}
        days={periodDays(figures.first?.performance, view.timezone)}
        maxHeight="70vh"
      />
    </div>
  );
}

/** Those enrolled in the campaign, or at home in the country, of the page. */
function promoterFilter({ campaign, country }: View): PromoterFilter {
  return {
    ...(campaign && { promotions: { some: { campaignId: { eq: campaign } } } }),
    ...(country && { profile: { country: { eq: country } } }),
  };
}

/** Promoters without a row in the report have done nothing in the period, once the report is complete. */
function useColumns({ rows, isLoading, isPartial, error }: Pages<Figures>, { currency, seesContactData, timezone }: { currency: string | null; seesContactData: boolean; timezone: string }) {
  const measures = useMeasures();
  const isComplete = !isLoading && !isPartial && !error;
  return useMemo(() => {
    const byPromoter = new Map(rows.map((row) => [row.promoter?.id, row]));
    const figuresFor = ({ id }: Promoter) => byPromoter.get(id) ?? (isComplete ? NOTHING : null);
    const figure = (column: Column<Promoter>): Column<Promoter> =>
      isLoading ? { ...column, render: (promoter) => (figuresFor(promoter) ? column.render?.(promoter) : "…") } : column;
    const money = (key: Exclude<keyof typeof NOTHING, "referrals" | "customers">, title: string, width: number) => figure(moneyColumn(headingOf(measures, key, title, width), currency, (promoter) => figuresFor(promoter)?.[key]));
    const count = (key: "referrals" | "customers", title: string, width: number) => figure(countColumn(headingOf(measures, key, title, width), (promoter) => figuresFor(promoter)?.[key]));
    return [
      {
        ...textColumn<Promoter>({ key: "promoter", title: "Promoter", width: 1.5 }, promoterName),
        render: (promoter: Promoter) => <PromoterLink id={promoter.id}>{promoterName(promoter)}</PromoterLink>,
      },
      money("liability", "Owed", 1.1),
      money("revenue", "Revenue", 1.15),
      money("earnings", "Earnings", 1.1),
      count("referrals", "Referrals", 1),
      count("customers", "Customers", 1),
      stateColumn<Promoter>({ key: "status", title: "Status", width: 0.9 }, promoterStatus),
      timeColumn<Promoter>({ key: "joined", title: "Joined", width: 1.25 }, timezone, ({ joinedAt }) => joinedAt),
      countColumn<Promoter>({ key: "campaigns", title: "Campaigns", width: 1.05 }, ({ promotions }) => promotions?.totalCount),
      money("liabilityUnknown", "Unknown if paid", 1.4),
      ...(seesContactData ? [textColumn<Promoter>({ key: "email", title: "Address", width: 1.7 }, ({ email }) => email)] : []),
      textColumn<Promoter>({ key: "id", title: "ID", width: 1.1 }, ({ firstPromoterId }) => firstPromoterId),
    ];
  }, [rows, isLoading, isComplete, measures, currency, seesContactData, timezone]);
}

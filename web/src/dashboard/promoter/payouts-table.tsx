/** What a promoter was paid, and what is due. */
import { useMemo } from "react";
import { usePages } from "../../api/use-pages";
import { graphql } from "../../generated";
import type { PromoterPayoutsQuery } from "../../generated/graphql";
import { stateColumn, textColumn, timeColumn } from "../../ui/columns";
import { amountColumns } from "./amounts";
import { ListPanel } from "./list-panel";
import type { TableProps } from "./audience";
import { PAYOUT_METHODS, PAYOUT_STATUSES, stateWord } from "./words";

const PAYOUTS = graphql(`
  query PromoterPayouts($filter: PayoutFilter!, $after: String) {
    payouts(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id firstPromoterId createdAt amount unit unitRaw status statusRaw dueDate paidAt failedAt error
        campaign { name }
        payoutMethod { method methodRaw }
      }
    }
  }
`);
type Payout = NonNullable<PromoterPayoutsQuery["payouts"]>["nodes"][number];

const payoutsOf = ({ payouts }: PromoterPayoutsQuery) => payouts;

export function PayoutsTable({ promoter, campaign, timezone, currency, audience }: TableProps) {
  const variables = useMemo(() => ({ filter: { promoterId: { eq: promoter }, ...(campaign && { campaignId: { eq: campaign } }) } }), [promoter, campaign]);
  const pages = usePages(PAYOUTS, variables, payoutsOf);
  const hasErrors = pages.rows.some(({ error }) => error);
  const isOwn = audience === "PROMOTER";
  const columns = useMemo(
    () => [
      timeColumn<Payout>({ key: "created", title: "Created" }, timezone, ({ createdAt }) => createdAt),
      ...amountColumns<Payout>(currency),
      stateColumn<Payout>({ key: "status", title: "Status" }, ({ status, statusRaw }) => stateWord(PAYOUT_STATUSES, status, statusRaw)),
      timeColumn<Payout>({ key: "due", title: "Due" }, timezone, ({ dueDate }) => dueDate),
      timeColumn<Payout>({ key: "paid", title: "Paid" }, timezone, ({ paidAt }) => paidAt),
      textColumn<Payout>({ key: "method", title: "Method" }, ({ payoutMethod }) => stateWord(PAYOUT_METHODS, payoutMethod?.method, payoutMethod?.methodRaw)?.[0]),
      textColumn<Payout>({ key: "campaign", title: "Campaign", width: 1.5 }, ({ campaign }) => campaign?.name),
      ...(hasErrors ? [textColumn<Payout>({ key: "error", title: "Error", definition: "Why the payment failed", width: 2 }, ({ error }) => error)] : []),
    ],
    [timezone, currency, hasErrors],
  );
  return (
    <ListPanel
      title={isOwn ? "Your payments" : "Payouts"}
      note="All of them, whatever the period."
      empty={isOwn ? "No payment so far." : "No payouts."}
      pages={pages}
      columns={columns}
      document={PAYOUTS}
      variables={variables}
      isSearchable
    />
  );
}

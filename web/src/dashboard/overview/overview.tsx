/** The programme at a glance. */
import { useMemo } from "react";
import { useData } from "../../api/use-data";
import type { DashboardViewerQuery } from "../../generated/graphql";
import { useToday } from "../calendar";
import "../dashboard.css";
import { FilterBar } from "../filter-bar";
import { LiveStatus } from "../live-status";
import { NoDefinitions } from "../no-definitions";
import { periodName } from "../period-presets";
import { PeriodLine } from "../period-line";
import { reportArguments } from "../report-arguments";
import { useTitle } from "../title";
import { useView } from "../view";
import { Campaigns } from "./campaigns";
import { Cohorts } from "./cohorts";
import { Funnel } from "./funnel";
import { HEADLINE_FIGURES, HeadlineFigures } from "./headline-figures";
import { Liability } from "./liability";
import { NoWebhook } from "./no-webhook";
import { OtherUnits } from "./other-units";
import { OverTime } from "./over-time";
import { TopPromoters } from "./top-promoters";
import { useHasNoWebhook, WebhookHealth } from "./webhook-health";

export function Overview({ viewer: { role, currency } }: { viewer: DashboardViewerQuery["viewer"] }) {
  const { view } = useView();
  const today = useToday(view.timezone);
  const variables = useMemo(() => reportArguments(view, today), [view, today]);
  const { data, isPlaceholderData } = useData(HEADLINE_FIGURES, variables);
  useTitle(periodName(view.period));
  const hasNoWebhook = useHasNoWebhook();
  if (hasNoWebhook) return <div className="dashboard"><NoWebhook><LiveStatus role={role} /></NoWebhook></div>;
  return (
    <div className="dashboard">
      <FilterBar>
        <LiveStatus role={role} />
      </FilterBar>
      <PeriodLine view={view} period={isPlaceholderData ? null : data?.performance} />
      <NoDefinitions />
      <HeadlineFigures view={view} variables={variables} currency={currency} />
      <OverTime view={view} variables={variables} currency={currency} />
      <Campaigns variables={variables} currency={currency} />
      <div className="columns">
        <Funnel view={view} variables={variables} />
        <Liability filter={variables.filter} currency={currency} />
        <OtherUnits variables={variables} />
        <WebhookHealth timezone={view.timezone} />
      </div>
      <TopPromoters variables={variables} currency={currency} />
      <Cohorts timezone={view.timezone} filter={variables.filter} />
    </div>
  );
}

/** The programme at a glance. */
import { useMemo } from "react";
import { useData } from "../../api/use-data";
import type { DashboardViewerQuery } from "../../generated/graphql";
import "../dashboard.css";
import { FilterBar } from "../filter-bar";
import { daysInWords, periodName } from "../period-presets";
import { type ReportArguments, reportArguments } from "../report-arguments";
import { useView, type View } from "../view";
import { Campaigns } from "./campaigns";
import { Cohorts } from "./cohorts";
import { Funnel } from "./funnel";
import { HEADLINE_FIGURES, HeadlineFigures } from "./headline-figures";
import { Liability } from "./liability";
import { NoWebhook } from "./no-webhook";
import { OtherUnits } from "./other-units";
import { OverTime } from "./over-time";
import { TopPromoters } from "./top-promoters";
import { useLive } from "./use-live";
import { useHasNoWebhook, WebhookHealth } from "./webhook-health";

export function Overview({ viewer: { role, currency } }: { viewer: DashboardViewerQuery["viewer"] }) {
  const { view } = useView();
  const isLive = useLive(role);
  const variables = useMemo(() => reportArguments(view), [view]);
  const hasNoWebhook = useHasNoWebhook();
  if (hasNoWebhook) return <div className="dashboard"><NoWebhook isLive={isLive} /></div>;
  return (
    <div className="dashboard">
      <FilterBar>
        <span className={isLive ? "live on" : "live"} role="status">{isLive ? "Live" : "Refreshed every minute"}</span>
      </FilterBar>
      <PeriodLine view={view} variables={variables} />
      <HeadlineFigures variables={variables} currency={currency} />
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

/** Which days these are, and which they are compared with. */
function PeriodLine({ view, variables }: { view: View; variables: ReportArguments }) {
  const { performance } = useData(HEADLINE_FIGURES, variables).data ?? {};
  const { period, compareTo, timezone } = view;
  const unit = period.kind === "current" ? period.unit.toLowerCase() : "";
  return (
    <p className="period-line">
      <strong>{periodName(period)}{unit && " so far"}</strong>{" "}
      {daysInWords(performance?.start ?? null, performance?.end ?? null, timezone)}
      {compareTo === "PREVIOUS_PERIOD" && (unit ? `, compared with the whole ${unit} before` : ", compared with the period before")}
      {compareTo === "PREVIOUS_YEAR" && (unit ? `, compared with the whole ${unit} a year before` : ", compared with the same period a year before")}
    </p>
  );
}

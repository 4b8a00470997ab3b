/** What the page shows: period, comparison, campaign, country, zone. All of it stands in the address. */
import { type ReactNode, useEffect, useState } from "react";
import { useData } from "../api/use-data";
import { graphql } from "../generated";
import { CopyButton } from "../ui/copy-button";
import { dayOf } from "../ui/file-name";
import { Field } from "./field";
import { isPreset, periodName, PRESETS } from "./period-presets";
import { TimezoneField } from "./timezone-field";
import { type Comparison, periodOf, periodText, type SetView, searchOf, useView, type View } from "./view";

export const CAMPAIGNS = graphql(`query FilterCampaigns { campaigns(first: 200, orderBy: { field: NAME }) { nodes { id name } } }`);
const COUNTRIES = graphql(`query FilterCountries { profiles { groups(by: COUNTRY, first: 300) { key { country } } } }`);

const COMPARISONS: { value: string; comparison: Comparison; name: string }[] = [
  { value: "period", comparison: "PREVIOUS_PERIOD", name: "Previous period" },
  { value: "year", comparison: "PREVIOUS_YEAR", name: "Previous year" },
  { value: "none", comparison: null, name: "Nothing" },
];

/** `country`: whether the page is about promoters of several; `comparison`: whether it compares. Children stand at its end. */
export function FilterBar({ country = true, comparison = true, children }: { country?: boolean; comparison?: boolean; children?: ReactNode }) {
  const { view, setView } = useView();
  // On a phone alone: there the rest of the filters is folded, unless one of them is set.
  const [isOpen, setOpen] = useState(Boolean(view.campaign || view.country));
  return (
    <section className={isOpen ? "filter-bar open" : "filter-bar"} aria-label="Filters">
      <PeriodField view={view} setView={setView} />
      {comparison && <Field title="Compared to">{(id) => (
        <select
          id={id}
          value={COMPARISONS.find(({ comparison: choice }) => choice === view.compareTo)?.value}
          onChange={({ target }) => setView({ compareTo: COMPARISONS.find(({ value }) => value === target.value)?.comparison ?? null })}
        >
          {COMPARISONS.map(({ value, name }) => <option key={value} value={value}>{name}</option>)}
        </select>
      )}</Field>}
      <button type="button" className="more-filters" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? "Fewer filters" : "More filters"}</button>
      <CampaignField view={view} setView={setView} />
      {country && <CountryField view={view} setView={setView} />}
      <TimezoneField timezone={view.timezone} setTimezone={(timezone) => setView({ timezone })} />
      <div className="filter-bar-end">
        {children}
        <CopyButton label={<>Copy link<span className="of-view"> to this view</span></>} copied="Link copied" text={() => new URL(searchOf(view), location.href).href} />
      </div>
    </section>
  );
}

interface FieldProps {
  view: View;
  setView: SetView;
}

function PeriodField({ view, setView }: FieldProps) {
  const { period, timezone } = view;
  const choose = (text: string) => {
    const now = Date.now();
    setView({ period: text === "dates" ? { kind: "dates", from: dayOf(now - 29 * 86_400_000, timezone), to: dayOf(now, timezone) } : periodOf(text) });
  };
  const others = period.kind !== "dates" && !isPreset(period) ? [period] : [];
  return (
    <>
      <Field title="Period">{(id) => (
        <select id={id} value={period.kind === "dates" ? "dates" : periodText(period)} onChange={({ target }) => choose(target.value)}>
          {[...PRESETS, ...others].map((preset) => <option key={periodText(preset)} value={periodText(preset)}>{periodName(preset)}</option>)}
          <option value="dates">Custom dates</option>
        </select>
      )}</Field>
      {period.kind === "dates" && (
        <DatesFields from={period.from} to={period.to} setDates={(from, to) => setView({ period: { kind: "dates", from, to } }, { replace: true })} />
      )}
    </>
  );
}

/** Two days, both included. The address follows while they make a period. */
function DatesFields({ from, to, setDates }: { from: string; to: string; setDates: (from: string, to: string) => void }) {
  const [draft, setDraft] = useState({ from, to });
  useEffect(() => setDraft({ from, to }), [from, to]);
  const isWrong = Boolean(draft.from && draft.to && draft.from > draft.to);
  const change = (part: Partial<typeof draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    // A year that is being typed is 0002, 0020, 0202.
    if (next.from >= "1000" && next.from <= next.to) setDates(next.from, next.to);
  };
  return (
    <div className="dates">
      <Field title="From">{(id) => <input type="date" id={id} value={draft.from} aria-invalid={isWrong} onChange={({ target }) => change({ from: target.value })} />}</Field>
      <Field title="To">{(id) => <input type="date" id={id} value={draft.to} aria-invalid={isWrong} onChange={({ target }) => change({ to: target.value })} />}</Field>
      {isWrong && <p role="alert" className="field-error">The last day is before the first.</p>}
    </div>
  );
}

function CampaignField({ view, setView }: FieldProps) {
  const { data } = useData(CAMPAIGNS, {});
  const campaigns = data?.campaigns?.nodes ?? [];
  return (
    <Field title="Campaign">{(id) => (
      <select id={id} value={view.campaign ?? ""} onChange={({ target }) => setView({ campaign: target.value || null })}>
        <option value="">All campaigns</option>
        {campaigns.map(({ id, name }) => <option key={id} value={id}>{name ?? id}</option>)}
        {view.campaign && !campaigns.some(({ id }) => id === view.campaign) && <option value={view.campaign}>{data ? "Another campaign" : "…"}</option>}
      </select>
    )}</Field>
  );
}

function CountryField({ view, setView }: FieldProps) {
  const { data } = useData(COUNTRIES, {});
  const countries = (data?.profiles?.groups ?? []).flatMap(({ key }) => key.country ?? []);
  return (
    <Field title="Country">{(id) => (
      <select id={id} value={view.country ?? ""} onChange={({ target }) => setView({ country: target.value || null })}>
        <option value="">All countries</option>
        {countries.map((code) => <option key={code} value={code}>{countryName(code)}</option>)}
        {view.country && !countries.includes(view.country) && <option value={view.country}>{countryName(view.country)}</option>}
      </select>
    )}</Field>
  );
}

function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

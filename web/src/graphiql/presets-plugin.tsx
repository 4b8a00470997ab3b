/** The side panel that lists the presets by topic; a click opens one in a tab of its own and runs it. */
import { type GraphiQLPlugin, useGraphiQLActions } from "@graphiql/react";
import { useState } from "react";
import { useOpenOperation } from "./open-operation";
import { TOPICS } from "./presets";
import type { Preset } from "./presets/preset";
import { currentTab } from "./runs";
import { changeView } from "./view";
import { isNarrow } from "./narrow";

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <path d="M8 6h12M8 12h12M8 18h12" />
      <path d="m3 5 2 1-2 1zM3 11l2 1-2 1zM3 17l2 1-2 1z" fill="currentColor" />
    </svg>
  );
}

function Panel() {
  const [search, setSearch] = useState("");
  const openOperation = useOpenOperation();
  const { run, setVisiblePlugin } = useGraphiQLActions();
  const open = ({ query, view = "json", measures }: Preset) => {
    openOperation?.({ query });
    changeView(currentTab(), { view, measures });
    run();
    // There it covers the answer.
    if (isNarrow()) setVisiblePlugin(null);
  };
  const wanted = search.trim().toLowerCase();
  const topics = TOPICS.map(({ title, presets }) => ({
    title,
    presets: presets.filter((preset) => `${title} ${preset.title} ${preset.description}`.toLowerCase().includes(wanted)),
  })).filter(({ presets }) => presets.length);
  return (
    <section className="presets" aria-label="Queries">
      <h2>Queries</h2>
      <p>Each opens in a tab of its own and runs at once. Change it there as you like.</p>
      <input type="search" aria-label="Find a query" placeholder="Find" value={search} onChange={(event) => setSearch(event.target.value)} />
      {topics.map(({ title, presets }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <ul>
            {presets.map((preset) => (
              <li key={preset.name}>
                <button type="button" disabled={!openOperation} onClick={() => open(preset)}>
                  <b>
                    {preset.title}
                    {preset.forAdmins && <i>admin</i>}
                    {preset.isLive && <i>live</i>}
                  </b>
                  <span>{preset.description}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {topics.length === 0 && <p>No query has this text.</p>}
    </section>
  );
}

export const PRESETS_PLUGIN: GraphiQLPlugin = { title: "Queries", icon: Icon, content: Panel };

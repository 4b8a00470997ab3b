/** The side panel that lists the presets; a click opens one in a tab of its own and runs it. */
import { type GraphiQLPlugin, pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { Kind, parse } from "graphql";
import { PRESETS, type Preset } from "./presets";

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <path d="M8 6h12M8 12h12M8 18h12" />
      <path d="m3 5 2 1-2 1zM3 11l2 1-2 1zM3 17l2 1-2 1z" fill="currentColor" />
    </svg>
  );
}

function Panel() {
  const { queryEditor, tabs, activeTabIndex } = useGraphiQL(pick("queryEditor", "tabs", "activeTabIndex"));
  const { addTab, changeTab, setOperationFacts, updateActiveTabValues, run } = useGraphiQLActions();
  const open = ({ name, query }: Preset) => {
    const there = tabs.findIndex((tab) => tab.query === query);
    if (there < 0) {
      addTab();
      queryEditor?.setValue(query);
      updateActiveTabValues({ query, operationName: name });
    } else if (there !== activeTabIndex) {
      changeTab(there);
    }
    // GraphiQL notices a new operation only some time after an edit, and would send the old tab's operation name.
    const documentAST = parse(query);
    const operations = documentAST.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    setOperationFacts({ documentAST, operations, operationName: name });
    run();
  };
  return (
    <section className="presets">
      <h2>Queries</h2>
      <p>Each opens in a tab of its own and runs at once. Change it there as you like.</p>
      <ul>
        {PRESETS.map((preset) => (
          <li key={preset.name}>
            <button type="button" disabled={!queryEditor} onClick={() => open(preset)}>
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
  );
}

export const PRESETS_PLUGIN: GraphiQLPlugin = { title: "Queries", icon: Icon, content: Panel };

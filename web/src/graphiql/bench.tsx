/** The answer's pane: as JSON, table or chart; what it took; ways to take it away and to share it. */
import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { type RefObject, useEffect, useMemo } from "react";
import { useSession } from "../session/session";
import { CopyButton } from "../ui/copy-button";
import { download } from "../ui/csv";
import { parseExactly } from "../ui/exact-json";
import { AnswerChart } from "./answer-chart";
import { AnswerTableView } from "./answer-table";
import { parseVariables } from "./exact-variables";
import { Facts } from "./facts";
import { type AnswerTable, tablesOf } from "./flatten";
import { LiveList, timeOf } from "./live-list";
import { type Message, lastRunTab, setCurrentTab, useRun } from "./runs";
import { ShareButton } from "./share-button";
import { SharedLink } from "./shared-link";
import { timeZoneOf } from "./time-zone";
import { useAnswerText } from "./use-answer-text";
import { FORMS, type Form, type View, changeView, useView } from "./view";

const FORM_NAMES: Record<Form, string> = { json: "JSON", table: "Table", chart: "Chart" };

interface BenchProps {
  /** Is set to what gives the text in the editor of variables. */
  readVariables: RefObject<() => string>;
}

export function Bench({ readVariables }: BenchProps) {
  const { token, standing } = useSession();
  const { responseEditor, variableEditor, subscription, tabs, activeTabIndex } = useGraphiQL(
    pick("responseEditor", "variableEditor", "subscription", "tabs", "activeTabIndex"),
  );
  const { stop } = useGraphiQLActions();
  const tab = tabs[activeTabIndex]?.id ?? "";
  const view = useView(tab);
  const change = (part: Partial<View>) => changeView(tab, part);
  const run = useRun(tab);
  const text = useAnswerText(responseEditor);
  const title = tabs[activeTabIndex]?.operationName ?? "Answer";
  const messages = run?.messages ?? null;
  useEffect(() => {
    readVariables.current = () => variableEditor?.getValue() ?? "";
  }, [readVariables, variableEditor]);
  useEffect(() => {
    // GraphiQL loads what looks like the address of an image once the mouse is on it.
    responseEditor?.updateOptions({ hover: { enabled: false } });
  }, [responseEditor]);
  useEffect(() => {
    setCurrentTab(tab);
    // Otherwise its next message would come into this tab.
    if (lastRunTab() !== tab) stop();
  }, [tab, stop]);
  return (
    <div className="bench" data-view={view.view} data-live={messages ? "" : undefined} data-signed-out={token ? undefined : ""}>
      <div className="bench-bar">
        <div className="bench-forms" role="group" aria-label="Form of the answer">
          {FORMS.map((form) => (
            <button key={form} type="button" aria-pressed={view.view === form} onClick={() => change({ view: form })}>
              {FORM_NAMES[form]}
            </button>
          ))}
        </div>
        {!messages && <Facts run={text ? run : undefined} />}
        <div className="bench-tools">
          {view.view === "json" && <JsonTools title={title} text={text} />}
          <ShareButton view={view} />
        </div>
      </div>
      {view.view === "json" && messages && (
        <LiveList key={tab} messages={messages} isRunning={Boolean(subscription)} show={({ answer }) => responseEditor?.setValue(JSON.stringify(answer, null, 2))} />
      )}
      {!token && <p className="bench-note bench-empty">Sign in to run queries.</p>}
      {token && view.view === "json" && !text && !messages && <p className="bench-note bench-empty">Run a query to see its answer here.</p>}
      <SharedLink isSignedIn={standing.kind === "accepted"} />
      {token && view.view !== "json" && <Tables title={title} text={text} messages={messages} view={view} change={change} />}
    </div>
  );
}

function JsonTools({ title, text }: { title: string; text: string }) {
  return (
    <>
      <CopyButton label="Copy" description="Copy the answer" text={() => text} disabled={!text} />
      <button type="button" disabled={!text} aria-label="The answer as a JSON file" onClick={() => download(`${title}.json`, `${text}\n`, "application/json")}>
        JSON
      </button>
    </>
  );
}

interface TablesProps {
  view: View;
  change(part: Partial<View>): void;
  title: string;
  text: string;
  messages: Message[] | null;
}

function Tables({ title, text, messages, view, change }: TablesProps) {
  const { documentAST, variableEditor } = useGraphiQL(pick("documentAST", "variableEditor"));
  const { tables, error } = useMemo(() => (messages ? { tables: tablesOfMessages(messages), error: null } : answerOf(text)), [messages, text]);
  const table = tables.find(({ path }) => path === view.table) ?? tables[0];
  const timeZone = timeZoneOf(documentAST, parseVariables(variableEditor?.getValue() ?? "") ?? {});
  const name = table?.path ? `${title} ${table.path}` : title;
  return (
    <div className="bench-pane">
      {error && <p className="bench-error" role="alert">{error}</p>}
      {tables.length > 1 && (
        <label className="bench-list">
          Rows of
          <select value={table?.path} onChange={(event) => change({ table: event.target.value })}>
            {tables.map(({ path, rows }) => (
              <option key={path} value={path}>{path || "single values"} ({rows.length.toLocaleString()})</option>
            ))}
          </select>
        </label>
      )}
      {!table && !error && <p className="bench-note">{text ? "The answer has no rows." : "Run a query to see its answer here."}</p>}
      {table && view.view === "table" && <AnswerTableView key={`${table.path} ${table.columns.map(({ key }) => key).join()}`} title={name} table={table} timeZone={timeZone} maxHeight="none" />}
      {table && view.view === "chart" && (
        <AnswerChart title={name} table={table} timeZone={timeZone} view={view} change={change} />
      )}
    </div>
  );
}

interface Answer {
  tables: AnswerTable[];
  /** The first error, in words. */
  error: string | null;
}

function answerOf(text: string): Answer {
  try {
    const { data, errors } = parseExactly(text) as { data?: unknown; errors?: { message?: string }[] };
    return { tables: tablesOf(data), error: errors?.[0]?.message ?? null };
  } catch {
    return { tables: [], error: null };
  }
}

/** Each message is a row, with the time when it came in front. */
function tablesOfMessages(messages: Message[]): AnswerTable[] {
  return tablesOf({ messages: messages.map(({ at, answer }) => ({ time: timeOf(at), ...(answer as { data?: object }).data })) });
}

/** The bar on top: the token's box, and in words what the server says about it. */
import { type FormEvent, useEffect, useState } from "react";
import icon from "../icon.svg";
import { type Session, setToken } from "./session";
import { expiryOf } from "./token";

/** The server tells who sits at its machine the command with all paths; to others they are no business. */
const COMMAND =
  document.querySelector<HTMLMetaElement>('meta[name="promograph-token-command"]')?.content ??
  "promograph token issue --role analyst";

export function TokenBar({ token, standing }: Session) {
  const [draft, setDraft] = useState(token);
  const [shown, setShown] = useState(false);
  useEffect(() => setDraft(token), [token]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setToken(draft);
  };
  return (
    <header className="bar">
      <img src={icon} alt="" width="24" height="24" />
      <h1>Promograph</h1>
      <form className="token" autoComplete="off" onSubmit={submit}>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type={shown ? "text" : "password"}
          value={draft}
          placeholder="paste a token"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          data-1p-ignore
          data-lpignore="true"
          onChange={(event) => setDraft(event.target.value)}
          // A pasted token is complete; there is nothing to wait for.
          onPaste={(event) => {
            event.preventDefault();
            setToken(event.clipboardData.getData("text"));
          }}
          onBlur={() => setToken(draft)}
        />
        <button type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? "Hide" : "Show"}
        </button>
        <button type="button" disabled={!token && !draft} onClick={() => { setDraft(""); setToken(""); }}>
          Clear
        </button>
      </form>
      <Badge token={token} standing={standing} />
    </header>
  );
}

function Badge({ token, standing }: Session) {
  const expiry = expiryOf(token);
  switch (standing.kind) {
    case "accepted":
      return (
        <span className="badge good" role="status">
          accepted{expiry ? `, until ${new Date(expiry).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}` : ""}
        </span>
      );
    case "refused":
      return <span className="badge bad" role="status">{token ? "refused" : "no token"}</span>;
    case "unreachable":
      return <span className="badge bad" role="status">no answer</span>;
    case "unknown":
      return <span className="badge" role="status">asking…</span>;
  }
}

/** Shown while the server refuses: its own words, and the way out. */
export function Refusal({ token, standing }: Session) {
  if (standing.kind === "unreachable") {
    return <div className="refusal" role="alert"><p>{standing.message}</p></div>;
  }
  if (standing.kind !== "refused") return null;
  return (
    <div className="refusal" role="alert">
      <p>
        <strong>{standing.code}</strong> {standing.message}
      </p>
      <p>
        {token ? "This token is wrong, expired or revoked. Get another" : "Get a token"} where the server runs, and paste it
        above: <code>{COMMAND}</code>{" "}
        <button type="button" onClick={() => void navigator.clipboard?.writeText(COMMAND)}>Copy</button>
      </p>
    </div>
  );
}

import type { Form } from "../view";

/** A ready-made operation: named, alone in its document, and without variables. */
export interface Preset {
  /** The operation's name, as written in the query: the tab is called so. */
  name: string;
  title: string;
  description: string;
  /** How its answer is best looked at; as JSON if it is not given. */
  view?: Form;
  /** What its chart begins with, with commas between; chosen by the answer if it is not given. */
  measures?: string;
  /** Whether an analyst's token is refused. */
  forAdmins?: boolean;
  /** Whether it is a subscription, which runs until it is stopped. */
  isLive?: boolean;
  query: string;
}

/** The ready-made operations by topic; the tests run all of them. */
import { FIGURES } from "./presets/figures";
import { LEADS } from "./presets/leads";
import { LIVE } from "./presets/live";
import { MONEY } from "./presets/money";
import { OPERATIONS } from "./presets/operations";
import type { Preset } from "./presets/preset";
import { PROMOTERS } from "./presets/promoters";

export const TOPICS: { title: string; presets: Preset[] }[] = [
  { title: "Figures", presets: FIGURES },
  { title: "Promoters", presets: PROMOTERS },
  { title: "Leads", presets: LEADS },
  { title: "Money", presets: MONEY },
  { title: "Live", presets: LIVE },
  { title: "Operations", presets: OPERATIONS },
];

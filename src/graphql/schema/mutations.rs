//! What can be changed: nothing of the programme, which FirstPromoter owns; only the mirror's own affairs.

use super::{Schema, entities::object, field, input};

/// The type of mutations.
pub const ROOT: &str = "Mutation";

/// Adds `Mutation` and its types.
pub fn define(schema: &mut Schema) {
    let argument = input("input", "ReplayEventsInput!", "Which events.");
    let description = "Applies stored webhook events again; for admins. All that is given must hold, and at least one \
        condition must be given. Replaying any number of times gives the same rows.";
    let replay = field("ReplayEventsPayload!", description, [argument]);
    schema.add(ROOT, "What can be changed.", object([("replayEvents", replay)]));
    schema.add_input(
        "ReplayEventsInput",
        "Which events to replay.",
        [
            input("ids", "[ID!]", "The `id`s of webhook events, 1,000 at most."),
            input("types", "[String!]", "Events of these types, as FirstPromoter writes them."),
            input("statuses", "[ReplayableStatus!]", "Events with these statuses."),
            input("withWarnings", "Boolean", "If true, only events of which something was not understood."),
            input("receivedFrom", "DateTime", "Events received at or after this time."),
            input("receivedUntil", "DateTime", "Events received before this time."),
        ],
    );
    schema.add_enum(
        "ReplayableStatus",
        "A status from which an event can be replayed.",
        [
            ("APPLIED", "Applied before."),
            ("IGNORED", "Nothing was known to apply."),
            ("FAILED", "Could not be applied."),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned())),
    );
    let replayed = field("BigInt!", "How many events will be applied again.", []);
    schema.add("ReplayEventsPayload", "What a replay did.", object([("replayed", replayed)]));
}

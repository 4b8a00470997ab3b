//! Documents that select many relations.

use promograph::{
    graphql::catalog::CATALOG,
    read::model::{EntityType, Link},
};

/// A promoter's relations that lead back to promoters, so many levels deep: three times as many on each.
pub fn tree(levels: usize) -> String {
    let fragment = |level: usize| {
        let next = if level + 1 < levels { format!("...F{}", level + 1) } else { String::new() };
        format!(
            " fragment F{level} on Promoter {{ parent {{ id {next} }} defaultPromotion {{ promoter {{ id {next} }} }} \
             profile {{ promoter {{ id {next} }} }} }}"
        )
    };
    let fragments = (0..levels).map(fragment).collect::<Vec<_>>().concat();
    format!("{{ promoters(first: 1) {{ nodes {{ ...F0 }} }} }}{fragments}")
}

/// Promotions with so many to-one relations, breadth first, and all that each of them tells.
pub fn relations(count: usize) -> String {
    let root = CATALOG.get("Promotion").unwrap();
    // Entity, and the places of what is selected below it.
    let mut places: Vec<(&EntityType, Vec<(&str, usize)>)> = vec![(root, Vec::new())];
    let (mut at, mut left) = (0, count);
    while left > 0 {
        for relation in &places[at].0.relations {
            if left > 0 && matches!(relation.link, Link::ToOne { .. }) && relation.target != "PaymentsBatch" {
                left -= 1;
                places.push((CATALOG.get(relation.target).unwrap(), Vec::new()));
                let place = places.len() - 1;
                places[at].1.push((relation.name, place));
            }
        }
        at += 1;
    }
    format!("{{ promotions(first: 2) {{ nodes {} }} }}", selection(&places, 0))
}

fn selection(places: &[(&EntityType, Vec<(&str, usize)>)], at: usize) -> String {
    let (entity, below) = &places[at];
    let fields = entity.fields.iter().map(|field| field.name.clone());
    let below = below.iter().map(|(name, place)| format!("{name} {}", selection(places, *place)));
    format!("{{ {} }}", fields.chain(below).collect::<Vec<_>>().join(" "))
}

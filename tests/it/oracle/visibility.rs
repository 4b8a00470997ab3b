//! The rules of visibility, written by hand from the product's specification (not derived from the catalogue). Which
//! fields are contact data or for staff is stated in the table of `visibility/fields.rs`, by hand too.
//!
//! * Admins see everything; analysts everything but webhook events, and contact data only with `pii`:
//!   without it an e-mail address is masked and the rest is null. Contact data is whatever may name a person or
//!   lead to one, and free text on people.
//! * A promoter sees its own promoter, profile, balances, promotions, commissions, payouts, payout methods and
//!   contract documents, the leads that it referred or shares, and the campaigns, offers and rewards that its
//!   promotions, payouts and commissions point to. Of a shared lead it sees no contact data. Of its parent and its children it sees
//!   the id and nothing else, and of the children none that was deleted. It does not see when rows were changed.

use promograph::{
    auth::Viewer,
    read::model::{EntityField, EntityType, FieldKind, Link, Visibility},
};

use super::{
    dataset::{Cell, Dataset, Row},
    ids::entity,
};
use crate::visibility::fields;

/// How a field of a row is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Full,
    Masked,
    Hidden,
}

/// A viewer's access to a dataset.
#[derive(Clone, Copy)]
pub struct ViewerAccess<'a> {
    pub dataset: &'a Dataset,
    pub viewer: Viewer,
}

impl ViewerAccess<'_> {
    /// Whether the viewer sees a row; `relative`: reached as a promoter's parent or child.
    pub fn row(&self, entity: &EntityType, row: &Row, relative: bool) -> bool {
        let me = match self.viewer {
            Viewer::Admin => return true,
            Viewer::Analyst { .. } => return entity.name != "WebhookEvent",
            Viewer::Promoter { id } => Cell::Int(id),
        };
        let own = |table: &'static str| self.dataset.rows(table).iter().filter(|row| row["promoter_id"] == me);
        let pointed = |table: &'static str, columns: &[&str]| {
            own(table).any(|own| columns.iter().any(|column| own[*column] == row["id"]))
        };
        match entity.name {
            "Promoter" => {
                let parent = self.dataset.find("promoter", "id", &me).map(|own| &own["parent_promoter_id"]);
                let child = row["parent_promoter_id"] == me && row["deleted_at"] == Cell::Null;
                row["id"] == me || relative && (child || parent == Some(&row["id"]))
            }
            "Profile" | "Balance" | "Promotion" | "Commission" | "Payout" | "PayoutMethod" | "ContractDocument" => {
                row["promoter_id"] == me
            }
            "Lead" => {
                let shared = own("promotion").any(|promotion| promotion["id"] == row["split_promotion_id"]);
                row["promoter_id"] == me || shared
            }
            "Campaign" => pointed("promotion", &["campaign_id"]) || pointed("payout", &["campaign_id"]),
            "Offer" => pointed("promotion", &["current_offer_id"]),
            "Reward" => {
                let current = ["current_referral_reward_id", "current_promotion_reward_id", "current_target_reward_id"];
                pointed("promotion", &current)
                    || pointed("payout", &["reward_id"])
                    || pointed("commission", &["reward_id"])
            }
            _ => false,
        }
    }

    /// Whether the viewer sees the row's id and nothing else.
    pub fn only_id(&self, entity: &EntityType, row: &Row) -> bool {
        match self.viewer {
            Viewer::Promoter { id } => entity.name == "Promoter" && row["id"] != Cell::Int(id),
            _ => false,
        }
    }

    /// How a field of a row that the viewer sees is shown.
    pub fn shown(&self, entity: &EntityType, field: &str, row: &Row) -> Shown {
        let Viewer::Promoter { id } = self.viewer else {
            return match self.viewer {
                Viewer::Analyst { pii: false } if matches!(field, "email" | "paypalEmail") => Shown::Masked,
                Viewer::Analyst { pii: false } if contact(entity, field) => Shown::Hidden,
                _ => Shown::Full,
            };
        };
        let stranger = contact(entity, field) && entity.name == "Lead" && row["promoter_id"] != Cell::Int(id);
        let beyond_id = self.only_id(entity, row) && !matches!(field, "id" | "firstPromoterId");
        if staff(entity, field) || stranger || beyond_id { Shown::Hidden } else { Shown::Full }
    }

    /// Whether arguments may name a field: filters, orders, natural keys.
    pub fn may_name(&self, entity: &EntityType, field: &str) -> bool {
        match self.viewer {
            Viewer::Admin | Viewer::Analyst { pii: true } => true,
            Viewer::Analyst { pii: false } => !contact(entity, field),
            Viewer::Promoter { .. } => !staff(entity, field),
        }
    }

    /// The value of a field, null where it is hidden. A relation that is hidden hides its id.
    pub fn value(&self, entity: &EntityType, field: &EntityField, row: &Row) -> Cell {
        if self.shown(entity, &field.name, row) == Shown::Hidden {
            return Cell::Null;
        }
        match field.kind {
            FieldKind::RelatedId(relation) if self.related(entity, relation, row).is_none() => Cell::Null,
            _ => match field.instead {
                Some((none, "null")) if row[field.column] == Cell::Int(none) => Cell::Null,
                Some((none, other)) if row[field.column] == Cell::Int(none) => row[other].clone(),
                _ => row[field.column].clone(),
            },
        }
    }

    /// The row that a to-one relation leads to, if the viewer sees it.
    pub fn related(&self, of: &EntityType, relation: &str, row: &Row) -> Option<&Row> {
        let relation = of.relation(relation).expect("the relation is declared");
        let Link::ToOne { column } = relation.link else { panic!("{} is no to-one relation", relation.name) };
        let target = entity(relation.target);
        if self.only_id(of, row) {
            return None;
        }
        let other = self.dataset.find(target.table, target.key, &row[column])?;
        self.row(target, other, relative(of, relation.name)).then_some(other)
    }

    /// The rows that a to-many relation leads to and that lists show.
    pub fn listed(&self, of: &EntityType, relation: &str, row: &Row, deleted_too: bool) -> Vec<&Row> {
        let relation = of.relation(relation).expect("the relation is declared");
        let target = entity(relation.target);
        if self.only_id(of, row) {
            return Vec::new();
        }
        let mut rows = self.all_listed(target, relative(of, relation.name), deleted_too);
        match &relation.link {
            Link::ToOne { .. } => panic!("{} is no to-many relation", relation.name),
            Link::ToMany { column } => rows.retain(|other| other[*column] == row[of.key]),
            Link::Through { table, parent, child, .. } => {
                let pairs: Vec<_> =
                    self.dataset.rows(table).iter().filter(|pair| pair[*parent] == row[of.key]).collect();
                let pairs: Vec<_> = pairs.into_iter().filter(|pair| is_listed(pair, false)).collect();
                rows.retain(|other| pairs.iter().any(|pair| pair[*child] == other[target.key]));
            }
            // Of the campaign whose promotion brought it, if the viewer sees that promotion.
            Link::Over { .. } => rows.retain(|lead| {
                let promotion = self.related(entity("Lead"), "promotion", lead);
                promotion.is_some_and(|promotion| promotion["campaign_id"] == row["id"])
            }),
        }
        rows
    }

    /// The rows of a type that lists show: no stubs, and deleted ones only on demand.
    pub fn all_listed(&self, entity: &EntityType, relative: bool, deleted_too: bool) -> Vec<&Row> {
        let listed = |row: &&Row| is_listed(row, deleted_too) && self.row(entity, row, relative);
        self.dataset.rows(entity.table).iter().filter(listed).collect()
    }
}

fn is_listed(row: &Row, deleted_too: bool) -> bool {
    let stub = row.get("is_stub") == Some(&Cell::Bool(true));
    let deleted = row.get("deleted_at").is_some_and(|at| *at != Cell::Null);
    !stub && (deleted_too || !deleted)
}

fn contact(entity: &EntityType, field: &str) -> bool {
    let stated = fields::stated(entity.name, field);
    matches!(stated, Some(Visibility::Contact | Visibility::ContactEmail | Visibility::StaffContact))
}

fn staff(entity: &EntityType, field: &str) -> bool {
    let stated = fields::stated(entity.name, field);
    field == "updatedAt" || matches!(stated, Some(Visibility::Staff | Visibility::StaffContact))
}

fn relative(entity: &EntityType, relation: &str) -> bool {
    entity.name == "Promoter" && matches!(relation, "parent" | "children")
}

//! Whose a referral or commission is: by its enrolment, which nests promoter and campaign.

use super::{
    super::{
        field::{Field, Object},
        json::Json,
    },
    named, promoter, promotion,
};
use crate::projection::merge::Cell;

/// Tells promotion and promoter, as far as the object names them. Published samples name neither. `keeps_promoter`:
/// another enrolment is one of the same promoter.
pub fn tell(object: &mut Object<'_, '_>, promotion: &Field, promoter: &Field, keeps_promoter: bool) {
    object.related("promoter", promoter, promoter::nested);
    let keys = ["promoter_campaign", "promoter_campaign_id", "promoter_id"];
    match object.told_now("promoter_campaign") {
        Some(Json::Null) => object.refer(&keys, promoter.register(), Cell::Null),
        Some(json) => {
            if let Some(id) = named(object.updates(), "promotion", json, "promoter_id", "promoter") {
                object.refer(&keys, promoter.register(), Cell::Int(id));
            }
        }
        None => {}
    }
    object.related("promoter_campaign", promotion, |updates, json| promotion::nested(updates, json, None));
    if !keeps_promoter && object.lists_change(&keys[..2]) && object.is_told(promotion.register()) {
        // It has another enrolment now, and nobody says whose that is: not that of the promoter before.
        object.refer(&keys, promoter.register(), Cell::Null);
    }
}

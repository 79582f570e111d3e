//! Finds how a source is to be read, from its leading bytes only.

use std::sync::Arc;

use crate::error::Result;
use crate::row::{Plan, Sample};
use crate::grammar::Grammar;
use crate::wanted::Wanted;

/// How to read a source.
pub struct Choice {
    pub plan: Arc<dyn Plan>,
    /// The leading lines state a step.
    pub expects_step: bool,
}

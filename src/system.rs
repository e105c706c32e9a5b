//! THE WORLD: one narrow trait and one real implementation for each thing
//! that the rules must not touch themselves.

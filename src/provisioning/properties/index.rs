//! Finds the entry of a key: a hash table of places, without the keys.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;

/// Half of the hash, and the place in the list of entries plus one; 0 is free.
/// 32 bits are enough for a place in what fits the limit of 16 MiB, and far beyond.
type Slot = u64;

const PLACE: Slot = 0xffff_ffff;

/// A hash table with open addressing. The slots hold half of each hash, so
/// that a key is compared only if it is very likely the same, and growing
/// reads no key. The hash is seeded: a server cannot choose keys that collide.
pub(super) struct Index {
    slots: Vec<Slot>,
    used: usize,
    hasher: RandomState,
}

impl Index {
    /// A table with room for about `expected` keys before it has to grow.
    pub(super) fn new(expected: usize) -> Self {
        Self {
            slots: vec![0; expected.next_power_of_two().max(64)],
            used: 0,
            hasher: RandomState::default(),
        }
    }

    /// The place at which `key` is already, or `None` after noting that it will
    /// be at `place`. `is_key` says whether the entry at a place has this key.
    #[inline]
    pub(super) fn find_or_insert(
        &mut self,
        key: &str,
        place: usize,
        is_key: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(key.as_bytes());
        let hash = hasher.finish() & !PLACE;
        let mask = self.slots.len() - 1;
        let mut at = start(hash, mask);
        while self.slots[at] != 0 {
            let slot = self.slots[at];
            if slot & !PLACE == hash {
                let place = (slot & PLACE) as usize - 1;
                if is_key(place) {
                    return Some(place);
                }
            }
            at = (at + 1) & mask;
        }
        self.slots[at] = hash | (place as Slot + 1);
        self.used += 1;
        if self.used > self.slots.len() / 4 * 3 {
            self.grow();
        }
        None
    }

    #[cold]
    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        for slot in old.into_iter().filter(|&slot| slot != 0) {
            let mut at = start(slot, size - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = slot;
        }
    }
}

/// Where the search for a hash begins.
fn start(hash: Slot, mask: usize) -> usize {
    (hash >> 32) as usize & mask
}

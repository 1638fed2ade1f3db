//! Many runs of one scene, and what is said of them.

/// What was measured in each run: whole numbers of some small unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample(Vec<i64>);

impl Sample {
    pub(crate) fn worst(&self) -> i64 {
        self.0.iter().copied().max().unwrap_or(0)
    }

    pub(crate) fn least(&self) -> i64 {
        self.0.iter().copied().min().unwrap_or(0)
    }

    /// The middle one; of an even number the lower of the two.
    pub(crate) fn median(&self) -> i64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0)
    }

    pub(crate) fn push(&mut self, value: i64) {
        self.0.push(value);
    }
}

impl FromIterator<i64> for Sample {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> Sample {
        Sample(values.into_iter().collect())
    }
}

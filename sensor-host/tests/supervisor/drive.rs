//! Both shells, driven through the same.

use std::time::Duration;

use mlsensor_host::supervisor::{Counters, Settings, Supervisor, Update};

use crate::bench::Bench;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub(crate) updates: Vec<(Duration, Update)>,
    pub(crate) counters: Counters,
}

/// Something that happens to the settings while it runs: from when on, and what.
pub(crate) type Order = Option<(Duration, mlsensor::Config)>;

pub(crate) fn blocking(bench: &Bench, settings: Settings, until: Duration, order: Order) -> Run {
    let mut supervisor = Supervisor::with_clock(bench.clone(), settings, bench.clone());
    let latest = supervisor.latest();
    let (mut updates, mut order) = (Vec::new(), order);
    while bench.bus.now() < until {
        let update = supervisor.next();
        // It can be asked for at any time, and says the same.
        assert_eq!(latest.get().state(), update.state());
        assert_eq!(supervisor.state(), update.state());
        updates.push((bench.bus.now(), update));
        if let Some((_, config)) = order.take_if(|(at, _)| *at <= bench.bus.now()) {
            supervisor.set_config(config);
        }
    }
    Run { updates, counters: *supervisor.counters() }
}

#[cfg(feature = "tokio")]
pub(crate) fn asynch(bench: &Bench, settings: Settings, until: Duration, order: Order) -> Run {
    use mlsensor_host::supervisor::SupervisorAsync;

    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut supervisor = SupervisorAsync::with_clock(bench.clone(), settings, bench.clone());
        let latest = supervisor.latest();
        let (mut updates, mut order) = (Vec::new(), order);
        while bench.bus.now() < until {
            let update = supervisor.next().await;
            assert_eq!(latest.get().state(), update.state());
            assert_eq!(supervisor.state(), update.state());
            updates.push((bench.bus.now(), update));
            if let Some((_, config)) = order.take_if(|(at, _)| *at <= bench.bus.now()) {
                supervisor.set_config(config);
            }
        }
        Run { updates, counters: *supervisor.counters() }
    })
}

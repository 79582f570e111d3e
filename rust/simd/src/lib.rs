//! The few kernels that need vector instructions. Each has a safe twin, which is its oracle and its fallback.

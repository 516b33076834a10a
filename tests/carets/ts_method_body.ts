const o = {
	m(): void
};

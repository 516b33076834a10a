// Bodies that attract each other: double arithmetic on properties.
function Body(x, y, z, vx, vy, vz, mass) {
	this.x = x; this.y = y; this.z = z; this.vx = vx; this.vy = vy; this.vz = vz; this.mass = mass;
}
function system() {
	return [new Body(0, 0, 0, 0, 0, 0, 39.5), new Body(4.84, -1.16, -0.1, 0.6, 2.8, -0.02, 0.037),
		new Body(8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.011), new Body(12.9, -15.1, -0.22, 1.08, 0.87, -0.01, 0.0017),
		new Body(15.4, -25.9, 0.18, 0.98, 0.59, -0.034, 0.002)];
}
function advance(bodies, dt) {
	for (let i = 0; i < bodies.length; i++) {
		const a = bodies[i];
		for (let j = i + 1; j < bodies.length; j++) {
			const b = bodies[j], dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
			const d2 = dx * dx + dy * dy + dz * dz, mag = dt / (d2 * Math.sqrt(d2));
			a.vx -= dx * b.mass * mag; a.vy -= dy * b.mass * mag; a.vz -= dz * b.mass * mag;
			b.vx += dx * a.mass * mag; b.vy += dy * a.mass * mag; b.vz += dz * a.mass * mag;
		}
	}
	for (const b of bodies) {
		b.x += dt * b.vx; b.y += dt * b.vy; b.z += dt * b.vz;
	}
}
function run(n) {
	const bodies = system();
	for (let i = 0; i < n; i++)
		advance(bodies, 0.001);
	return Math.round((bodies[0].x + bodies[1].y) * 1000);
}

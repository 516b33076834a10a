# tests/house/: the rules of the house, checked on the sources.
TESTS += \
	%D%/check-dispatch.sh \
	%D%/check-effects.sh \
	%D%/check-layers.sh \
	%D%/check-size.sh \
	%D%/check-sources.sh \
	%D%/selftest.sh
EXTRA_DIST += \
	%D%/check-dispatch.sh \
	%D%/check-effects.sh \
	%D%/check-layers.sh \
	%D%/check-size.sh \
	%D%/check-sources.sh \
	%D%/clean-root.sh \
	%D%/effects-allow.txt \
	%D%/layers.txt \
	%D%/selftest.sh \
	%D%/summary.sh

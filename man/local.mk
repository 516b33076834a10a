# man/: manual pages.
dist_man_MANS += \
	%D%/zigttp.1 \
	%D%/zigttpctl.8 \
	%D%/zigttpd.8

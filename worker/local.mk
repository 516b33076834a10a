# worker/: part of libserver.a.
libserver_a_SOURCES += \
	%D%/access.c %D%/access.h \
	%D%/append.c %D%/append.h \
	%D%/app.c %D%/app.h \
	%D%/conn.c %D%/conn.h \
	%D%/crash.c %D%/crash.h \
	%D%/dispatch.c %D%/dispatch.h \
	%D%/flow.c %D%/flow.h \
	%D%/handoff.c %D%/handoff.h \
	%D%/heritage.h %D%/inbox.h \
	%D%/memo.c %D%/memo.h \
	%D%/metrics.c %D%/metrics.h \
	%D%/peers.c %D%/peers.h \
	%D%/route.c %D%/route.h \
	%D%/privilege.c %D%/privilege.h \
	%D%/sandbox.c %D%/sandbox.def %D%/sandbox.h \
	%D%/serve.h \
	%D%/settings.def %D%/settings.h \
	%D%/slice.c %D%/slice.h \
	%D%/slow.c %D%/slow.h \
	%D%/upload.c %D%/upload.h \
	%D%/worker.c %D%/worker.h \
	%D%/zygote.c \
	%D%/host/body.c %D%/host/body.h %D%/host/body_rows.def %D%/host/drain.c %D%/host/init.def \
	%D%/host/headers.c %D%/host/host.c %D%/host/host.h %D%/host/parts.h \
	%D%/host/query.c %D%/host/request.c %D%/host/response.c %D%/host/source.c \
	%D%/http/chunk.c %D%/http/chunk.h %D%/http/gate.c %D%/http/gate.h %D%/http/opinion.c \
	%D%/http/cond.c %D%/http/cond.h \
	%D%/http/mime.c %D%/http/mime.def %D%/http/mime.h \
	%D%/http/reply.c %D%/http/reply.h %D%/http/status.def \
	%D%/http/statics.c %D%/http/statics.h \
	%D%/net/epoll.c %D%/net/inbox.c %D%/net/net.c %D%/net/net.h %D%/net/pace.c %D%/net/part.h \
	%D%/net/refused.c %D%/net/refused.h %D%/net/ring.c %D%/net/ring.h %D%/net/uring.c

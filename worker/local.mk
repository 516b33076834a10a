# worker/: part of libserver.a.
libserver_a_SOURCES += \
	worker/access.c worker/access.h \
	worker/conn.c worker/conn.h \
	worker/dispatch.c worker/dispatch.h \
	worker/heritage.h \
	worker/serve.h \
	worker/worker.c worker/worker.h \
	worker/zygote.c \
	worker/host/headers.c worker/host/host.c worker/host/host.h worker/host/parts.h \
	worker/host/query.c worker/host/request.c worker/host/response.c \
	worker/http/gate.c worker/http/gate.h worker/http/opinion.c \
	worker/http/reply.c worker/http/reply.h worker/http/status.def \
	worker/net/net.h worker/net/refused.c worker/net/refused.h worker/net/uring.c

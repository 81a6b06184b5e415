package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"time"
)

// balancer gives each request to the next server that is healthy. It remembers nobody: a page may
// come from one server and its stream from another.
type balancer struct {
	servers []server
	next    atomic.Uint64
}

type server struct {
	address string
	proxy   *httputil.ReverseProxy
}

func newBalancer(addresses []string) *balancer {
	b := &balancer{}
	for _, address := range addresses {
		b.servers = append(b.servers, server{address, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: address})
			r.Out.Host = r.In.Host // which a socket's Origin is compared with
			r.SetXForwarded()
		}}})
	}
	return b
}

// wait returns once all servers are healthy, or ctx ends.
func (b *balancer) wait(ctx context.Context) error {
	for _, server := range b.servers {
		for !server.isHealthy() {
			select {
			case <-ctx.Done():
				return errors.New("stopped before all servers were there")
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	return nil
}

// ServeHTTP implements http.Handler.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for range b.servers {
		chosen := b.servers[b.next.Add(1)%uint64(len(b.servers))]
		if chosen.isHealthy() {
			chosen.proxy.ServeHTTP(w, r)
			return
		}
	}
	http.Error(w, "No server of the site answers right now. Please try again in a moment.", http.StatusServiceUnavailable)
}

// asking bounds how long a server may take to say that it is healthy.
var asking = &http.Client{Timeout: time.Second}

func (s server) isHealthy() bool {
	answer, err := asking.Get("http://" + s.address + "/healthz")
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

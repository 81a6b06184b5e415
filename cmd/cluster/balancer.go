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

// balancer gives each request to the next healthy server. It is not sticky: a page may come from one
// server and its stream from another.
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
			r.Out.Host = r.In.Host // the site compares it with a socket's Origin
			r.SetXForwarded()
		}}})
	}
	return b
}

// wait returns nil once all servers are healthy, and an error if ctx ends first.
func (b *balancer) wait(ctx context.Context) error {
	for _, server := range b.servers {
		for !server.isHealthy() {
			select {
			case <-ctx.Done():
				return errors.New("stopped before all servers were healthy")
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
	http.Error(w, "No server of the site is answering. Please try again in a moment.", http.StatusServiceUnavailable)
}

// healthClient asks the servers for their health. A server that takes longer is not healthy.
var healthClient = &http.Client{Timeout: time.Second}

func (s server) isHealthy() bool {
	answer, err := healthClient.Get("http://" + s.address + "/healthz")
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

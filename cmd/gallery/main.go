// Command gallery serves every component in each of its states, for designers.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"plaza/views/gallery"
)

const address = "127.0.0.1:8081"

func main() {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("The gallery is at http://%s/\n", address)
	server := &http.Server{Handler: gallery.Handler(), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.Serve(listener))
}

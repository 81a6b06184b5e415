package main

import (
	"context"
	"fmt"
	"net"
	"net/url"

	"plaza/store"
)

// setupLinkCommand prints the address that makes the owner's account.
type setupLinkCommand struct {
	DB     databaseAddress `name:"db" default:"plaza.db" placeholder:"FILE" help:"The SQLite file, or a postgres:// address (${default})."`
	URL    publicAddress   `name:"url" placeholder:"URL" help:"The public address of the site (default: that of --addr on this machine)."`
	Domain domains         `placeholder:"NAME,…" help:"The names that the site has on the internet, the main one first (default: none)."`
	Addr   listenAddress   `default:":8080" placeholder:"HOST:PORT" help:"Where the site listens, if it has no public address (${default})."`
}

func (cmd *setupLinkCommand) Run(ctx context.Context, t terminal) error {
	users := userCommand{DB: cmd.DB}
	return users.withStore(ctx, func(database *store.Store) error {
		token, err := database.NewSetupToken(ctx)
		if err != nil {
			return err
		}
		site := serveCommand{URL: cmd.URL, Domain: cmd.Domain}
		listening, err := net.ResolveTCPAddr("tcp", string(cmd.Addr))
		if err != nil {
			return err
		}
		fmt.Fprintln(t.out, setupAddress(address(site.publicURL(), listening), token))
		return nil
	})
}

// setupAddress returns the address of the site with the token that makes the owner's account.
func setupAddress(origin, token string) string {
	return origin + "/setup?token=" + url.QueryEscape(token)
}

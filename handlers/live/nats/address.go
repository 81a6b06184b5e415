package nats

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	client "github.com/nats-io/nats.go"
)

// Check returns what is wrong with an address for Connect, for the person who gave it. It repeats
// nothing of the address but names of files, because the address may hold a password.
func Check(address string) error {
	_, err := clientOptions(address)
	return err
}

// clientOptions turns an address into the options of the client, which knows no parameters.
func clientOptions(address string) (client.Options, error) {
	options := client.GetDefaultOptions()
	files := map[string][]string{} // by parameter
	for one := range strings.SplitSeq(address, ",") {
		server, parameters, err := splitAddress(strings.TrimSpace(one))
		if err != nil {
			return options, err
		}
		options.Servers = append(options.Servers, server)
		for name, named := range parameters {
			files[name] = append(files[name], named...)
		}
	}
	for name, named := range files {
		slices.Sort(named)
		files[name] = slices.Compact(named)
	}
	err := takeFiles(&options, files)
	return options, err
}

// splitAddress splits the parameters, which name files, from the address of one server.
func splitAddress(address string) (server string, files url.Values, err error) {
	parsed, err := url.Parse(address)
	if err != nil || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, parsed.Scheme) || parsed.Hostname() == "" {
		return "", nil, errors.New("this is not an address such as nats://user:password@host:4222")
	}
	// Otherwise a slash in a password would end the host, and the rest would be dropped.
	if strings.Trim(parsed.Path, "/") != "" && !strings.HasPrefix(parsed.Scheme, "ws") || strings.Contains(address, "#") {
		return "", nil, errors.New("this is not an address such as nats://user:password@host:4222: in a password / is %2F and # is %23")
	}
	if files, err = url.ParseQuery(parsed.RawQuery); err != nil {
		return "", nil, errors.New("its parameters are not such as ?ca=ca.pem&cert=cert.pem&key=key.pem")
	}
	for name, named := range files {
		if !slices.Contains([]string{"creds", "ca", "cert", "key"}, name) {
			return "", nil, errors.New("it has a parameter that is none of creds, ca, cert and key")
		}
		if slices.Contains(named, "") {
			return "", nil, fmt.Errorf("its parameter %s names no file", name)
		}
	}
	parsed.RawQuery, parsed.ForceQuery = "", false
	return parsed.String(), files, nil
}

// takeFiles sets the files for all servers of an address. The client reads them each time it connects,
// and does not say why it cannot: so they are read here too.
func takeFiles(options *client.Options, files map[string][]string) error {
	for _, name := range []string{"creds", "cert", "key"} {
		if len(files[name]) > 1 {
			return fmt.Errorf("all servers share one file for the parameter %s", name)
		}
	}
	if len(files["cert"]) != len(files["key"]) {
		return errors.New("the parameters cert and key go together")
	}
	if len(files["ca"]) > 0 {
		if err := client.RootCAs(files["ca"]...)(options); err != nil {
			return fmt.Errorf("its parameter ca: %w", err)
		}
	}
	if len(files["cert"]) > 0 {
		if err := client.ClientCert(files["cert"][0], files["key"][0])(options); err != nil {
			return fmt.Errorf("its parameters cert and key: %w", err)
		}
	}
	if len(files["creds"]) > 0 {
		if err := client.UserCredentials(files["creds"][0])(options); err != nil {
			return fmt.Errorf("its parameter creds: %w", err)
		}
		_, err := options.UserJWT()
		if err == nil {
			_, err = options.SignatureCB(nil)
		}
		if err != nil {
			return fmt.Errorf("its parameter creds: %s: %w", files["creds"][0], err)
		}
	}
	return nil
}

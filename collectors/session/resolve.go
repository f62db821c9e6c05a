package session

import (
	"context"

	"trueboot/collectors"
	"trueboot/facts"
	"trueboot/inventory"
)

// Resolve fetches the credentials that a login on a device needs, and those for its jump host, and connects to no device. The error is a
// *collectors.Failure: NoCredentials, with what is missing.
func (d *Dialer) Resolve(ctx context.Context, device inventory.Device, p collectors.Terminal) error {
	if _, f := d.hidden(ctx, device, p); f != nil {
		return f
	}
	peers := []peer{devicePeer(device)}
	if device.Jump != "" {
		bastion, ok := d.bastions[device.Jump]
		if !ok {
			return failed(facts.NoCredentials, "there is no jump host %s", device.Jump)
		}
		peers = append(peers, bastion.peer)
	}
	for _, peer := range peers {
		_, agent, f := d.authenticator(ctx, peer)
		if f != nil {
			return within(f, peer.address())
		}
		if agent != nil {
			agent.Close()
		}
	}
	return nil
}
